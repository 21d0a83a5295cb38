import { aside, dialogueFormat, type Notation, type Said } from '../dialogue.ts';

const entry =
  /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] (TRACE|DEBUG|INFO|WARN|ERROR)\s+(?:\[[^\]]{1,60}\] )?(.*)$/;

/** The log of nodemailer with `logger: true, debug: true`. What it says as an error it has said as a line before. */
const notation: Notation = (line) => {
  const found = entry.exec(line);
  if (found === null) return undefined;
  const [, level, text = ''] = found;
  if (text.startsWith('S: ')) return { by: 'server', lines: [text.slice(3)] };
  if (text.startsWith('C: ')) return { by: 'client', lines: [text.slice(3)] };
  return level === 'ERROR' ? aside : event(text);
};

function event(text: string): Said {
  const to = /^Secure connection established to (\S+):(\d+)|^Connection established to (\S+):(\d+)/.exec(
    text,
  );
  if (to) {
    const host = to[1] ?? to[3] ?? '';
    return { by: 'connected', peer: { host, address: host, port: Number(to[2] ?? to[4]) } };
  }
  if (/^Connection upgraded with STARTTLS/.test(text)) return { by: 'secured', protocol: 'TLS' };
  if (/^(?:Connection closed unexpectedly|Unexpected socket close)/.test(text))
    return { by: 'lost', how: 'closed' };
  return aside;
}

export const nodemailerLog = dialogueFormat('nodemailer-log', 'a nodemailer log', () => notation);
