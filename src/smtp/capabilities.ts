import type { Reply } from './reply.ts';

/** What an EHLO reply offers: keyword in capitals to its parameters. Empty after HELO. RFC 5321 4.1.1.1 */
export type Capabilities = ReadonlyMap<string, readonly string[]>;

export const noCapabilities: Capabilities = new Map();

/** Reads the list from an EHLO reply; the first line is domain and greeting. `AUTH=LOGIN` counts as AUTH. */
export function capabilitiesOf(reply: Reply): Capabilities {
  const offered = new Map<string, readonly string[]>();
  for (const line of reply.raw.slice(1)) {
    const words = line
      .slice(4)
      .trim()
      .replace(/^AUTH=/i, 'AUTH ')
      .split(/ +/);
    const keyword = words[0]?.toUpperCase();
    if (!keyword) continue;
    offered.set(keyword, [...(offered.get(keyword) ?? []), ...words.slice(1)]);
  }
  return offered;
}
