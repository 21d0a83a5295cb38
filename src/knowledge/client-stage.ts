import type { Stage } from '../smtp/stage.ts';
import { groupReplies } from '../transcript/replies.ts';
import { StageTracker } from '../transcript/stage-tracker.ts';

/** How clients mark a line that they sent, and one that they heard: swaks, curl, nodemailer, PHPMailer, smtplib, telnet notes. */
const sent =
  /^[^\n]{0,60}?(?:[-~]{1,2}> |> |\bC: |CLIENT -> SERVER: |send: b?['"])((?:EHLO|HELO|STARTTLS|AUTH|MAIL|RCPT|DATA|RSET|NOOP|VRFY|QUIT)\b[^\n]{0,200}|\.)(?:\\r\\n['"])?\s{0,4}$/i;
const heard =
  /^(?:[^\n]{0,60}?(?:<[-~*]{1,2} {1,4}|< |\bS: |SERVER -> CLIENT: |reply: b?['"]))?\s{0,40}([2-5]\d\d(?:[ -][^\n]{0,400})?)$/;

/** Lines of a paste that are looked at. */
const mostLines = 2_000;

/** Where a dialogue breaks off: the reply that was still due, or what the last one had begun. Nothing where there is no dialogue. */
export function stageOfDialogue(text: string): Stage | undefined {
  const tracker = new StageTracker();
  let begun: Stage | undefined;
  let open: string[] = [];
  let spoken = false;
  for (const line of text.split('\n').slice(0, mostLines)) {
    const plain = line.replace(/\r$/, '');
    const command = sent.exec(plain)?.[1];
    if (command !== undefined) {
      tracker.sent([command], command.length + 2);
      spoken = true;
      continue;
    }
    const reply = heard.exec(plain)?.[1];
    if (reply === undefined) continue;
    spoken = true;
    open.push(reply);
    if (reply[3] === '-') continue;
    begun = answered(tracker, open);
    open = [];
  }
  if (!spoken) return undefined;
  const due = tracker.replied(0);
  return due === 'command' ? begun : due;
}

/** Takes a whole reply, and tells what the client now does without a command. */
function answered(tracker: StageTracker, lines: readonly string[]): Stage | undefined {
  let begun: Stage | undefined;
  for (const part of groupReplies(lines)) {
    if (part.kind !== 'reply') continue;
    const { code } = part.reply;
    const stage = tracker.replied(code);
    if (code === 354) begun = 'message';
    else begun = stage === 'starttls' && code === 220 ? 'starttls' : undefined;
  }
  return begun;
}
