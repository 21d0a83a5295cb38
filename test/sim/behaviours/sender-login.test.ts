import { expect, test } from 'vitest';
import { Lab } from '../../../src/sim/lab.ts';
import { hostOverridesSchema, profileSchema } from '../../../src/sim/profile.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { talk } from '../raw-client.ts';

const login = `AUTH PLAIN ${Buffer.from('\0ada\0secret').toString('base64')}`;

async function answers(lines: readonly string[], others?: string): Promise<string[]> {
  const lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  const accent = { ehlo: ['{host}', 'AUTH PLAIN'] };
  const profile = profileSchema.parse({ provider: 'plain', title: 'A plain host', invented: true, accent });
  const policy = {
    owners: { 'ada@example.org': 'ada', '@lab.example': 'bob' },
    'not-owner': '553 5.7.1 <{sender}> is not for {user}',
    'not-logged-in': '553 5.7.1 Log in first',
    ...(others ? { others } : {}),
  };
  const behaviours = [{ accounts: { users: { ada: 'secret' } } }, { 'sender-login': policy }];
  await lab.add('mx.example.net', {
    profile,
    overrides: hostOverridesSchema.parse({ behaviours }),
    addresses: ['192.0.2.25'],
  });
  const replies = await talk(lab, '192.0.2.25', ['EHLO probe.example.org', ...lines]);
  await lab.close();
  return replies.slice(2).map((reply) => reply.at(-1) ?? '');
}

test('lets the owner of an address use it, and nobody else', async () => {
  const lines = ['MAIL FROM:<ADA@example.org>', 'MAIL FROM:<x@lab.example>'];
  expect(await answers(lines)).toEqual(['553 5.7.1 Log in first', '553 5.7.1 Log in first']);
  expect((await answers([login, ...lines])).slice(1)).toEqual(['250 Ok', '503 Error: nested MAIL command']);
  expect((await answers([login, 'MAIL FROM:<x@lab.example>'])).at(-1)).toBe(
    '553 5.7.1 <x@lab.example> is not for ada',
  );
});

test('leaves addresses without an owner to anybody, or to nobody', async () => {
  expect(await answers(['MAIL FROM:<eve@elsewhere.example>'])).toEqual(['250 Ok']);
  expect(await answers(['MAIL FROM:<eve@elsewhere.example>'], 'nobody')).toEqual(['553 5.7.1 Log in first']);
  expect(await answers(['MAIL FROM:<>'], 'nobody')).toEqual(['250 Ok']);
});
