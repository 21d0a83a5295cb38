import { entriesOf } from '../datafile/entries.ts';
import { type HostSource, hostSchema } from './host-source.ts';

/** Stands for a host that does not read well: nothing can be said about it. */
const unspoken: HostSource = { absent: 'refused' };

/** The `hosts` of a file that has mistakes, as far as they read well, so that the names in them can be judged at the same time. */
export function soundHosts(tree: unknown): Readonly<Record<string, HostSource>> {
  return Object.fromEntries(Object.entries(entriesOf(tree)).map(([name, host]) => [name, soundHost(host)]));
}

function soundHost(tree: unknown): HostSource {
  const { provider, situation } = entriesOf(tree);
  const written = [tree, { provider, situation }, { provider }];
  return (
    written.map((host) => hostSchema.safeParse(host).data).find((host) => host !== undefined) ?? unspoken
  );
}
