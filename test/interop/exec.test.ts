import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { folderWith, main, mxlab } from '../cli/mxlab.ts';

const python = (script: string): readonly string[] => ['exec', '--seed', '1', '--', 'python3', '-c', script];

const dial = `
import smtplib, socket
def reach(host, timeout=3):
  try:
    smtplib.SMTP(host, 25, timeout=timeout); return "connected"
  except Exception as error: return f"{type(error).__name__}: {error}"
`;

test('a program of Python finds the hosts of domains that everybody knows, on port 25', async () => {
  const { stdout, code } = await mxlab(
    python(`
import smtplib
for host, address in [("outlook-com.olc.protection.outlook.com", "nobody@outlook.com"), ("gmail-smtp-in.l.google.com", "alice@gmail.com")]:
  smtp = smtplib.SMTP(host, 25, timeout=20)
  smtp.ehlo("probe.example.net"); smtp.mail("me@example.net")
  print(smtp.rcpt(address)[0], address); smtp.quit()
`),
  );
  expect(stdout).toBe('550 nobody@outlook.com\n250 alice@gmail.com\n');
  expect(code).toBe(0);
});

test('names come from the world, whichever name server is asked', async () => {
  const script =
    'const {Resolver}=require("node:dns").promises;(async()=>{for(const s of [null,"8.8.8.8","1.1.1.1"]){const r=new Resolver();if(s)r.setServers([s]);console.log(JSON.stringify(await r.resolveMx("yahoo.com")))}try{await new Resolver().resolveMx("nobody-has-this.example")}catch(e){console.log(e.code)}})()';
  const { stdout } = await mxlab(['exec', '--', process.execPath, '-e', script]);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(4);
  for (const line of lines.slice(0, 3))
    expect(
      JSON.parse(line)
        .map(({ exchange }: { exchange: string }) => exchange)
        .sort(),
    ).toEqual(['mta5.am0.yahoodns.net', 'mta6.am0.yahoodns.net']);
  expect(lines[3]).toBe('ENOTFOUND');
});

test('connections fail as the world says', async () => {
  const { stdout } = await mxlab(
    python(`${dial}
for name in ["refused", "no-route", "timed-out", "postfix"]: print(name, reach(f"mx.{name}.example"))
`),
  );
  expect(stdout.trim().split('\n')).toEqual([
    'refused ConnectionRefusedError: [Errno 111] Connection refused',
    'no-route OSError: [Errno 113] No route to host',
    'timed-out TimeoutError: timed out',
    'postfix connected',
  ]);
});

test('nothing inside reaches the outside', async () => {
  const { stdout } = await mxlab(
    python(`${dial}
print(reach("198.51.100.99"))
print(sorted(line.split(":")[0].strip() for line in open("/proc/net/dev").read().splitlines()[2:]))
`),
  );
  expect(stdout).toContain('Network is unreachable');
  expect(stdout).toContain("['lo', 'nowhere0', 'nowhere1']");
});

test("the program's exit code and output are ours, and a signal's as shells say it", async () => {
  expect(await mxlab(['exec', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({
    code: 7,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect((await mxlab(['exec', '--', 'sh', '-c', 'kill -9 $$'])).code).toBe(137);
});

test.each([
  ['a program that ends by it', '', 143, ''],
  ['a program that has its own mind', 'trap "echo asked; exit 5" TERM', 5, 'asked\n'],
])('asked to end, we ask %s', async (_, script, code, said) => {
  let asked = false;
  const ended = await mxlab(
    ['exec', '--', 'sh', '-c', `${script}\necho ready; while :; do sleep 0.1; done`],
    {
      watch: (_text, child) => {
        if (!asked) child.kill('SIGTERM');
        asked = true;
      },
    },
  );
  expect(ended).toEqual({ code, stdout: `ready\n${said}`, stderr: '' });
});

test('killed, we leave no program behind', async () => {
  const folder = folderWith({});
  const file = join(folder, 'pid');
  const child = spawn(process.execPath, [
    main,
    'exec',
    '--',
    'sh',
    '-c',
    `echo $$ > ${file}; exec sleep 600`,
  ]);
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await setTimeout(20);
  const pid = readFileSync(file, 'utf8').trim();
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close'); // whoever has our output open keeps it from closing
  while (existsSync(`/proc/${pid}`)) await setTimeout(20);
});

test("a daemon of the system's that remembers names is not asked", () => {
  // in a /run of its own, which stands for that of a machine where nscd runs
  const script = `mount -t tmpfs tmpfs /run && mkdir -p /run/nscd "$(dirname "$(readlink -m /etc/resolv.conf)")" &&
    touch /run/nscd/socket "$(readlink -m /etc/resolv.conf)" &&
    "${process.execPath}" "${main}" exec -- ls -A /run/nscd && ls -A /run/nscd`;
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const { stdout, stderr } = spawnSync('unshare', [...user, '--mount', 'sh', '-c', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'socket\n', stderr: '' });
});

test.each([
  [['exec', '--', 'no-such-program'], /there is no program called no-such-program/],
  [['exec', '--', '/tmp'], /\/tmp may not be run/],
  [['exec', '--world', 'nothing.yaml', '--', 'true'], /nothing\.yaml/],
])('%j: one clear sentence', async (args, message) => {
  const { code, stderr } = await mxlab(args);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test('two hosts that the zone puts at one address: one clear sentence', async () => {
  const host = (name: string): string => `  ${name}.example.net: postfix\n`;
  const record = (name: string): string => `  ${name}.example.net: { a: 192.0.2.9 }\n`;
  const cwd = folderWith({
    'world.yaml': `world: Two\nhosts:\n${host('mx1')}${host('mx2')}zone:\n${record('mx1')}${record('mx2')}`,
  });
  expect(await mxlab(['exec', '--world', 'world.yaml', '--', 'true'], { cwd })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'mxlab: the world has two listeners at 192.0.2.9 port 25. Nothing was run.\n',
  });
});

test('with --follow the dialogues are shown on standard error', async () => {
  const { stderr, stdout } = await mxlab([
    'exec',
    '--follow',
    '--',
    'python3',
    '-c',
    'import smtplib; smtplib.SMTP("mx.catch-all.example").quit(); print("done")',
  ]);
  expect(stdout).toBe('done\n');
  expect(stderr).toContain('QUIT'.toLowerCase());
  expect(stderr).toContain('mxlab: 1 dialogue.');
});

describe('where user namespaces are allowed', () => {
  test('it works without being root', () => {
    // Debian's `nobody` may not read this folder, so only the namespaces are tried: what exec itself needs of the system.
    const { status, stdout, stderr } = spawnSync(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        'unshare',
        '--user',
        '--map-root-user',
        '--net',
        '--mount',
        '--',
        'sh',
        '-c',
        'ip link set lo up && mount --bind /etc/hostname /etc/resolv.conf && echo fine',
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: 'fine\n' });
  });
});

test('a network that is in use is left as it is, whatever the environment says', () => {
  const script = `ip link set lo up && MXLAB_EXEC_INSIDE='net:[1]' "${process.execPath}" "${main}" exec -- true; echo $?; ip -o link`;
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  // in a namespace of its own, which stands for the machine's: a mistake here must not touch the machine
  const { stdout, stderr } = spawnSync('unshare', [...user, '--net', '--mount', 'sh', '-c', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toContain('this network is in use');
  expect(stdout).toMatch(/^2\n/);
  expect(stdout).not.toContain('nowhere0');
});
