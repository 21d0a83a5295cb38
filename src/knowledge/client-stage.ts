import type { Stage } from '../smtp/stage.ts';
import { groupReplies } from '../transcript/replies.ts';
import { StageTracker } from '../transcript/stage-tracker.ts';

/** How clients mark a line that they sent, and one that they heard: swaks, curl, nodemailer, PHPMailer, smtplib, telnet notes. */
const sent =
  /^[^\n]{0,60}?(?:[-~]{1,2}> |> |\bC: |CLIENT -> SERVER: |send: b?['"])((?:EHLO|HELO|STARTTLS|AUTH|MAIL|RCPT|DATA|RSET|NOOP|VRFY|QUIT)\b[^\n]{0,200}|\.)(?:\\r\\n['"])?\s{0,4}$/i;
const heard =
  /^[^\n]{0,60}?(?:<[-~*]{1,2} {1,4}|< |\bS: |SERVER -> CLIENT: |reply: b?['"])?\s{0,24}([2-5]\d\d(?:[ -][^\n]{0,400})?)$/;

/** Lines of a paste that are looked at. */
const mostLines = 2_000;

/** Which reply was still due where a dialogue breaks off; nothing where there is no dialogue in the text. */
export function stageOfDialogue(text: string): Stage | undefined {
  const tracker = new StageTracker();
  let spoken = false;
  let open: string[] = [];
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
    for (const part of groupReplies(open)) if (part.kind === 'reply') tracker.replied(part.reply.code);
    open = [];
  }
  return spoken ? tracker.replied(0) : undefined;
}
