import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { Session } from '../session.ts';

/** Sessions are interleaved in the log; of more than this at once the oldest is closed. */
const mostSessions = 500;

/** Exchange's protocol log, SmtpSend or SmtpReceive: CSV of which the event is one of `+ - > < *`. */
export const exchangeProtocol: Format = {
  name: 'exchange-protocol',
  title: 'an Exchange protocol log',
  reader: () => new ProtocolReader(),
};

/** date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context */
const record =
  /^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z?,[^,]{0,200},([0-9A-Fa-f]{6,32}),\d{1,9},[^,]{0,80},([^,]{0,80}),([-+<>*]),("(?:[^"]|"")*"|[^,]*),?(.*)/;

interface Entry {
  readonly event: string;
  readonly text: string;
  readonly remote: string;
  readonly context: string;
  readonly number: number;
}

class ProtocolReader implements LineReader {
  readonly #sessions = new Map<string, Session>();

  take(line: string, number: number): readonly Finding[] | undefined {
    if (/^#(?:Software|Version|Log-type|Date|Fields): /i.test(line)) return nothing;
    const found = record.exec(line);
    if (found === null) return undefined;
    const [, id = '', remote = '', event = '', data = '', context = ''] = found;
    const text = data.startsWith('"') ? data.slice(1, -1).replaceAll('""', '"') : data;
    const opened = this.#session(id, number);
    return [...opened.found, ...this.#event(opened.session, id, { event, text, remote, context, number })];
  }

  end(number: number): readonly Finding[] {
    const found = [...this.#sessions.values()].flatMap((session) => session.end(number));
    this.#sessions.clear();
    return found;
  }

  #event(session: Session, id: string, { event, text, remote, context, number }: Entry): readonly Finding[] {
    // Which of `<` and `>` is the server depends on who writes the log; replies begin with their number.
    const reply = /^[2-5]\d\d(?:[ -]|$)/.test(text);
    switch (event) {
      case '+': {
        const [, address = remote, port] = /^(.*):(\d+)$/.exec(remote) ?? [];
        return session.connected({ host: address, address, port: Number(port ?? 25) }, number);
      }
      case '<':
      case '>':
        return reply ? session.server(text, number) : session.client(text, number);
      case '-':
        this.#sessions.delete(id);
        return /Remote/i.test(context) ? session.lost('closed', number) : session.end(number);
      default:
        return nothing;
    }
  }

  #session(id: string, number: number): { session: Session; found: readonly Finding[] } {
    const known = this.#sessions.get(id);
    if (known !== undefined) return { session: known, found: nothing };
    const session = new Session('exchange-protocol');
    this.#sessions.set(id, session);
    const [oldest] = this.#sessions;
    if (this.#sessions.size <= mostSessions || oldest === undefined) return { session, found: nothing };
    this.#sessions.delete(oldest[0]);
    return { session, found: oldest[1].end(number) };
  }
}
