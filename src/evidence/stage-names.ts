import { type Stage, stages } from '../smtp/stage.ts';

/** In order: `end of DATA` is the message, `sending MAIL FROM` is not. */
const phrases: readonly (readonly [RegExp, Stage])[] = [
  [/greeting|banner|connect|refused to talk/i, 'greeting'],
  [/start_?tls|\btls\b/i, 'starttls'],
  [/ehlo|helo|lhlo|handshake/i, 'ehlo'],
  [/\bauth|login|password/i, 'auth'],
  [/end.of.(?:data|message)|final|message|body|content|\beod\b|\bdot\b|'\.'|^\.$|bdat.+last/i, 'message'],
  [/\bmail\b|sender|\bsend from\b/i, 'mail'],
  [/rcpt|recipient/i, 'rcpt'],
  [/\bdata\b|bdat/i, 'data'],
  [/quit/i, 'quit'],
  [/rset|noop|vrfy|expn|help|command/i, 'command'],
];

/** Words are only looked at so far. */
const readable = 120;

/** The stage that people and programs mean by `rcpt`, `RCPT TO command`, `end of data`, `banner`; `undefined` for other words. */
export function stageNamed(words: string): Stage | undefined {
  const text = words.trim().slice(0, readable);
  const exact = stages.find((stage) => stage === text.toLowerCase());
  // A reply is never one to `connect`: what comes then is the greeting. RFC 5321 3.1
  if (exact !== undefined) return exact === 'connect' ? 'greeting' : exact;
  return phrases.find(([phrase]) => phrase.test(text))?.[1];
}

export function isStage(value: unknown): value is Stage {
  return stages.includes(value as Stage);
}
