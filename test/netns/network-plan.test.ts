import { expect, test } from 'vitest';
import { inNamespace, obstacleTo } from '../../src/netns/enter.ts';
import { networkPlan } from '../../src/world/network-plan.ts';
import { startWorld } from '../../src/world/start-lab.ts';
import { worldOf } from '../../src/world/world.ts';

test('a network has the addresses of a world, each as its host is', () => {
  const plan = networkPlan({
    hosts: {
      'mx1.example.net': 'postfix',
      'mx2.example.net': { provider: 'postfix', addresses: ['198.51.100.5', '2001:db8::5'] },
      'mx3.example.net': { absent: 'refused' },
      'mx4.example.net': { absent: 'timed-out' },
      'mx5.example.net': { absent: 'no-route' },
    },
    zone: { 'www.example.net': { a: ['203.0.113.80'] } },
    seed: '1',
  });
  expect(plan).toEqual({
    local: ['192.0.2.1', '198.51.100.5', '2001:db8::5', '192.0.2.2', '203.0.113.80'],
    silent: ['192.0.2.3'],
    unreachable: ['192.0.2.4'],
  });
});

test('who is not root gets a user namespace as well', () => {
  const command = { file: 'node', args: ['x.js'] };
  expect(inNamespace(command, { platform: 'linux', uid: 0 }).args).not.toContain('--user');
  expect(inNamespace(command, { platform: 'linux', uid: 1_000 }).args).toEqual(
    expect.arrayContaining(['--user', '--map-root-user', '--net', '--mount', 'node', 'x.js']),
  );
});

test('other systems are told so', () => {
  expect(obstacleTo({ platform: 'darwin', uid: 501 })).toBe('network namespaces are Linux only');
});

test('hosts listen at the addresses of the plan', async () => {
  const hosts = { 'mx.example.net': { provider: 'postfix', addresses: ['127.0.9.1'], port: 2599 } };
  const lab = await startWorld(worldOf({ world: 'x', hosts, domains: {}, seed: '1' }), {
    address: 'planned',
  });
  expect(lab.hosts[0]).toMatchObject({ address: '127.0.9.1', port: 2_599 });
  expect(await lab.outsideResolver.addresses('mx.example.net', 4)).toMatchObject({ records: ['127.0.9.1'] });
  await lab.close();
});
