import { aside, dialogueFormat, type Notation } from '../dialogue.ts';

/** What Sendmail prints with -v and quotes in bounces: `>>>` from us, `<<<` from the server. */
const notation: Notation = (line) => {
  const server = /^\s?<<< ([2-5]\d\d(?:[ -].*)?)$/.exec(line);
  if (server) return { by: 'server', lines: [server[1] ?? ''] };
  const client = /^\s?>>> (.*)/.exec(line);
  if (client) return { by: 'client', lines: [client[1] ?? ''] };
  const talking = /^\.\.\. while talking to (\S+?)\.?:$/.exec(line)?.[1];
  if (talking !== undefined) {
    return { by: 'connected', peer: { host: talking, address: '', port: 25 }, late: true };
  }
  return /^\s{2,}-{3,5} (?:Transcript of session follows|The following addresses)/.test(line)
    ? aside
    : undefined;
};

export const sendmailVerbose = dialogueFormat(
  'sendmail-verbose',
  'a Sendmail session with >>> and <<<',
  () => notation,
);
