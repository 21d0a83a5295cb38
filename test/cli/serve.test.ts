import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hello, mail, OutsideClient, rcpt } from '../world/outside-client.ts';
import { root } from './mxlab.ts';
import { ask, Serving } from './serving.ts';

describe('--json', () => {
  test('the first line comes once all listen, the last when it ends', async () => {
    const serving = new Serving(['outlook:blocklisted', 'gmail', 'outlook', '--json']);
    const ready = await serving.ready();
    const free = expect.any(Number);
    expect(ready).toEqual({
      ready: true,
      hosts: [
        { name: 'mx.outlook.example', provider: 'outlook', address: '127.0.0.1', port: free },
        { name: 'mx.gmail.example', provider: 'gmail', address: '127.0.0.1', port: free },
        { name: 'mx2.outlook.example', provider: 'outlook', address: '127.0.0.1', port: free },
      ],
      dns: null,
      control: null,
    });
    expect(serving.stdout).toMatch(
      /^\{"ready":true,"hosts":\[\{"name":"mx\.outlook\.example","provider":"outlook","address":"127\.0\.0\.1","port":\d+\},/,
    );
    const client = await OutsideClient.to(ready.hosts[0] as never);
    await client.talk([hello, mail]);
    await serving.until(/"type":"closed"/);
    const { code, stderr } = await serving.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { records } = serving;
    expect(records.map(({ type }) => type)).toEqual([
      'opened',
      'connected',
      'reply',
      'sent',
      'reply',
      'sent',
      'reply',
      'left',
      'closed',
      'end',
    ]);
    expect(
      records.slice(0, -1).every(({ dialogue, host }) => dialogue === 1 && host === 'mx.outlook.example'),
    ).toBe(true);
    expect(records[0]).toMatchObject({
      provider: 'outlook',
      client: '127.0.0.1',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(records[5]).toMatchObject({ type: 'sent', lines: [mail], atMs: expect.any(Number) });
    expect(records[6]).toMatchObject({
      type: 'reply',
      stage: 'mail',
      code: 550,
      enhanced: '5.7.1',
      explanation: { reason: 'blocklisted', about: 'client' },
    });
    expect(records[8]).toMatchObject({
      at: 'mail',
      by: 'host',
      how: 'closed',
      unanswered: false,
      tookMs: expect.any(Number),
    });
    expect(records.at(-1)).toEqual({ type: 'end', dialogues: 1, unusedFaults: [] });
    const format = readFileSync(join(root, 'src/report/json-format.md'), 'utf8');
    for (const { type } of records) expect(format).toMatch(new RegExp(`^\\|.*\`${type}\`.*\\|`, 'm'));
  });

  test('messages, and endings where a reply was due', async () => {
    const serving = new Serving(['accept-all', '--json', '--control-port', '0']);
    const { hosts, control } = await serving.ready();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.talk([hello, mail, rcpt, 'DATA', 'Subject: hi\r\n\r\ntext\r\n.']);
    await ask(`${control?.url}/hosts/mx.accept-all.example/faults`, 'POST', {
      body: { at: 'mail', how: 'reset' },
    });
    await ask(`${control?.url}/hosts/mx.accept-all.example/faults`, 'POST', {
      body: { at: 'rcpt', reply: '451 4.7.1 Later', times: 3 },
    });
    await client.say(mail);
    await serving.until(/"type":"closed"/);
    await serving.interrupt();
    const { records } = serving;
    expect(records.find(({ type }) => type === 'message')).toEqual({
      type: 'message',
      dialogue: 1,
      host: 'mx.accept-all.example',
      sender: 'ada@example.org',
      recipients: ['bob@example.net'],
      bytes: 21,
      accepted: true,
    });
    expect(records.find(({ type }) => type === 'ending')).toMatchObject({
      ending: 'disconnected',
      how: 'reset',
      stage: 'mail',
      command: mail,
    });
    expect(records.at(-1)).toEqual({
      type: 'end',
      dialogues: 1,
      unusedFaults: [{ id: 'fault-2', host: 'mx.accept-all.example', at: 'rcpt', times: 3, left: 3 }],
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly, whoever is connected', async (signal) => {
    const serving = new Serving(['accept-all', '--json']);
    const { hosts } = await serving.ready();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.talk([hello]);
    const { code, stderr } = await serving.interrupt(signal);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(serving.records.at(-2)).toMatchObject({ type: 'closed', by: 'host' });
    expect(await client.end()).toMatch(/fin|rst/);
  });

  test('a pipe that nobody reads neither stops the hosts nor keeps the program from ending', async () => {
    const serving = new Serving(['accept-all', '--json'], { read: false });
    const { hosts } = await serving.ready();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.talk([hello]);
    for (let i = 0; i < 2_000; i++)
      expect(await client.say(`NOOP ${'x'.repeat(400)}`)).toEqual(['250 2.0.0 Ok']);
    expect((await serving.interrupt('SIGTERM')).code).toBe(0);
  });

  test('a reader who leaves ends it', async () => {
    const serving = new Serving(['accept-all', '--json'], { read: false });
    const { hosts } = await serving.ready();
    serving.hangUp();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.end();
    expect((await serving.ended).code).toBe(0);
  });
});

describe('for a person', () => {
  test('a table, the dialogue with explanations, how it ended, and how many there were', async () => {
    const serving = new Serving([
      'outlook:blocklisted',
      'gmail',
      '--control-port',
      '0',
      '--dns-port',
      '0',
      '--clock',
      '60x',
    ]);
    const [, port] = await serving.until(
      /^mx\.outlook\.example +outlook +127\.0\.0\.1 +(\d+) +blocklisted$/m,
    );
    await serving.until(/Ctrl-C ends it\./);
    expect(serving.stdout).toMatch(
      /^name +provider +address +port +situations\nmx\.outlook\.example .*\nmx\.gmail\.example +gmail +127\.0\.0\.1 +\d+\n\nDNS answers on 127\.0\.0\.1 port \d+/,
    );
    expect(serving.stdout).toMatch(/The control API is at http:\/\/127\.0\.0\.1:\d+/);
    expect(serving.stdout).toMatch(/runs 60 times as fast/);
    expect(serving.stdout.replace(/\s+/g, ' ')).toContain(
      'give each host an address of its own with --host 127.0.1.0/24',
    );
    const client = await OutsideClient.to({ address: '127.0.0.1', port: Number(port) });
    await client.talk([hello, mail]);
    await serving.until(/✗ #1 .*\n\n/s);
    const { code, stdout, stderr } = await serving.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('#1 mx.outlook.example (outlook), client 127.0.0.1\n');
    expect(stdout).toMatch(/C: MAIL FROM:<ada@example\.org>\n.*S: 550 5\.7\.1 Unfortunately/);
    expect(stdout).toContain('│  blocklisted · about the client');
    expect(stdout).toMatch(
      /-- the host closed the connection \(FIN\)\n✗ #1 mx\.outlook\.example: 550 5\.7\.1 in reply to MAIL FROM/,
    );
    expect(stdout).toMatch(/\nEnded after 1 dialogue\.\n$/);
  });

  test('faults that were never used are told', async () => {
    const serving = new Serving(['accept-all', '--control-port', '0']);
    const [, url] = await serving.until(/control API is at (http:\/\/127\.0\.0\.1:\d+)/);
    await serving.until(/Ctrl-C/);
    const fault = { at: 'rcpt', reply: '451 4.7.1 Later', times: 2 };
    expect(await ask(`${url}/hosts/mx.accept-all.example/faults`, 'POST', { body: fault })).toMatchObject({
      status: 200,
    });
    const { stdout } = await serving.interrupt();
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Ended after 0 dialogues. The planned fault-1 of mx.accept-all.example at RCPT TO was never used.',
    );
  });
});
