import { writeFileSync } from 'node:fs';
import { cases } from './cases.ts';
import { programs, type Wish } from './programs.ts';
import { reproduce } from './reproduction.ts';
const usual = { host: '127.0.0.1', tls: 'none', verify: false, login: false, timeout: 8, name: 'probe.example.net', debug: false } as const;
const [only] = process.argv.slice(2);
for (const [client, program] of Object.entries(programs)) {
  if (only && client !== only) continue;
  let text = '';
  await Promise.all(cases.map(async (c) => {
    await using host = await reproduce(c);
    const wish: Wish = { ...usual, port: host.port, ...c.wish };
    for (const debug of client === 'nodemailer' || client === 'curl' || client === 'phpmailer' ? [false, true] : [false]) {
      const out = await program({ ...wish, debug }).catch((e) => `THROWN ${e.message}`);
      text += `\n##### ${client} | ${c.name}${debug ? ' (debug)' : ''}\n${out}\n`;
    }
  }));
  writeFileSync(`/tmp/dump-${client}.txt`, text);
}
