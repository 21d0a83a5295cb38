/** Names as short as they may be among these hosts: without the labels that all of them begin or end with. One host needs none. */
export function shortNames(hosts: readonly string[]): ReadonlyMap<string, string> {
  const [first, ...others] = hosts.map((host) => host.split('.'));
  if (!first || others.length === 0) return new Map(hosts.map((host) => [host, '']));
  const shortest = Math.min(first.length, ...others.map((labels) => labels.length));
  let leading = 0;
  while (leading < shortest - 1 && others.every((labels) => labels[leading] === first[leading])) leading++;
  let trailing = 0;
  while (
    trailing < shortest - 1 - leading &&
    others.every((labels) => labels.at(-1 - trailing) === first.at(-1 - trailing))
  )
    trailing++;
  return new Map(
    hosts.map((host) => [
      host,
      host
        .split('.')
        .slice(leading, trailing === 0 ? undefined : -trailing)
        .join('.'),
    ]),
  );
}
