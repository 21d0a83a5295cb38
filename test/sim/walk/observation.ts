/** Where in the dialogue a reply came, in the words of the reference; `idle` is out of the blue. */
export type SaidAt =
  | 'connect'
  | 'helo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'message'
  | 'quit'
  | 'command'
  | 'idle';

/** What became of the connection behind a reply: nothing, FIN or RST. */
export type Ending = 'none' | 'fin' | 'rst';

/** A reply as the client got it from the socket. */
export interface Observation {
  readonly stage: SaidAt;
  readonly lines: readonly string[];
  ending: Ending;
}

const stages: Readonly<Record<string, SaidAt>> = {
  EHLO: 'helo',
  HELO: 'helo',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
  BDAT: 'data',
  QUIT: 'quit',
};

export function stageOf(line: string): SaidAt {
  return stages[line.split(' ')[0]?.toUpperCase() ?? ''] ?? 'command';
}
