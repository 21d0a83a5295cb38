import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteReply, quoteStatus } from '../quoted-reply.ts';

/** The fields of a delivery status, one group for each recipient. RFC 3464 2.2, 2.3 */
export const deliveryStatus: Format = {
  name: 'delivery-status',
  title: 'a delivery status (RFC 3464)',
  reader: () => new StatusReader(),
};

const field =
  /^(Reporting-MTA|DSN-Gateway|Received-From-MTA|Arrival-Date|Original-Envelope-Id|Original-Recipient|Final-Recipient|Action|Status|Remote-MTA|Diagnostic-Code|Last-Attempt-Date|Final-Log-Id|Will-Retry-Until|X-[A-Za-z][\w-]{1,40}): ?(.*)$/i;
/** How much of one folded field is kept. */
const longestField = 8_192;

class StatusReader implements LineReader {
  #fields = new Map<string, string>();
  #last: string | undefined;

  take(line: string, number: number): readonly Finding[] | undefined {
    const found = field.exec(line);
    if (found) return this.#field((found[1] ?? '').toLowerCase(), found[2] ?? '', number);
    if (this.#last !== undefined && /^[ \t]+\S/.test(line)) {
      const value = `${this.#fields.get(this.#last) ?? ''}\n${line.trim()}`;
      this.#fields.set(this.#last, value.slice(0, longestField));
      return nothing;
    }
    return undefined;
  }

  end(number: number): readonly Finding[] {
    return this.#tell(number);
  }

  #field(name: string, value: string, number: number): readonly Finding[] {
    if (name.startsWith('x-') && this.#fields.size === 0) return nothing;
    const begins = name === 'final-recipient' || name === 'original-recipient' || name === 'reporting-mta';
    const full = this.#fields.has('status') || this.#fields.has('diagnostic-code');
    const told = this.#fields.has(name) || (begins && full) ? this.#tell(number) : nothing;
    this.#fields.set(name, value.slice(0, longestField));
    this.#last = name;
    return told;
  }

  #tell(number: number): readonly Finding[] {
    const fields = this.#fields;
    this.#fields = new Map();
    this.#last = undefined;
    const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0];
    const diagnostic = fields.get('diagnostic-code')?.replace(/^\s*[\w-]{1,30}\s*;\s*/, '');
    const quoted = diagnostic === undefined || diagnostic.trim() === '' ? undefined : quoteReply(diagnostic);
    if (quoted === undefined && status === undefined) return nothing;
    const about =
      quoted?.given === 'words' && status !== undefined ? quoteStatus([`${status} ${quoted.text}`]) : quoted;
    const host = /;\s*([^\s(]{1,255})/.exec(fields.get('remote-mta') ?? '')?.[1];
    return [
      {
        kind: 'reply',
        quoted: about ?? quoteStatus([status ?? '']),
        format: 'delivery-status',
        line: number,
        ...(host?.includes('.') ? { provider: host } : {}),
      },
    ];
  }
}
