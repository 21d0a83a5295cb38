import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../peers.ts';
import type { Case } from './cases.ts';
import type { Program, Wish } from './programs.ts';
import { reproduce } from './reproduction.ts';

const usual = {
  host: '127.0.0.1',
  tls: 'none',
  verify: false,
  login: false,
  timeout: 8,
  name: 'probe.example.net',
} as const;

/** Has a client send one message to the host of a case, and tells what it printed. */
export async function printedBy(program: Program, it: Case, debug: boolean): Promise<string> {
  await using host = await reproduce(it);
  const wish: Wish = { ...usual, port: host.port, debug, ...it.wish };
  if (!it.checked) return await program(wish); // the host has to last as long
  const folder = await temporaryFolder('trust');
  try {
    const root = join(folder, 'root.pem');
    await writeFile(root, host.root);
    return await program({ ...wish, trust: { root, name: host.name } });
  } finally {
    await rm(folder, { recursive: true });
  }
}
