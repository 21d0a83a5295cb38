import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, mxlab } from '../cli/mxlab.ts';
import { freePorts } from './peers.ts';

/** Both its questions: alice, who is there, and nobody. */
const strict = ['--only', 'plain/strict', '--time-limit', '20s'];

interface Answer {
  readonly address: string;
  readonly mark: string;
  readonly said: string;
  readonly ms: number;
}

/** Runs an exam in a folder with files, and gives its answers by the local part of the address. */
async function examined(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<{
  readonly code: number | null;
  readonly stderr: string;
  answers: Readonly<Record<string, Answer>>;
}> {
  const folder = folderWith(files);
  const { code, stderr } = await mxlab(['exam', ...strict, ...args, '--reporter', 'json=card.json'], {
    cwd: folder,
  });
  const { answers } = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as { answers: Answer[] };
  const byName = answers.map((answer) => [answer.address.split('@')[0], answer] as const);
  return { code, stderr, answers: Object.fromEntries(byName) };
}

const marksOf = (answers: Readonly<Record<string, Answer>>) =>
  Object.fromEntries(Object.entries(answers).map(([name, { mark }]) => [name, mark]));

/** What Linux says of a process: its letter of state, Z for one that has ended and whose parent has not asked. */
function stateOf(pid: number): string {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return 'gone';
  }
}

const bothRight = { alice: 'right', nobody: 'right' };

describe('--command', () => {
  /** A program that answers one way for alice and another way for everybody else. */
  const program = (alice: string, others: string): Record<string, string> => ({
    'check.sh': `case "$1" in alice@*) ${alice} ;; *) ${others} ;; esac\n`,
  });
  const command = ['--command', 'sh check.sh {address}'];

  test('what it prints is understood, or else its exit code', async () => {
    const printing = await examined(program('echo deliverable', 'echo \'{"valid": false}\''), command);
    expect(marksOf(printing.answers)).toEqual(bothRight);
    expect(printing.code).toBe(0);
    const silent = await examined(program('exit 0', 'exit 1'), [...command, '--mapping', 'exit-code']);
    expect(marksOf(silent.answers)).toEqual(bothRight);
  });

  test('it finds the hosts of the case, and the address in one piece', async () => {
    const script = `import smtplib, sys
address = sys.argv[1]
smtp = smtplib.SMTP("mx." + address.split("@")[1], timeout=15)
smtp.helo("probe.example"); smtp.mail("me@probe.example")
print("deliverable" if smtp.rcpt(address)[0] == 250 else "undeliverable"); smtp.quit()
`;
    const { answers } = await examined({ 'check.py': script }, ['--command', 'python3 check.py']);
    expect(marksOf(answers)).toEqual(bothRight);
  });

  test('one that hangs is ended with all that it started', async () => {
    const files = program('sleep 1000 & echo $! > child; sleep 1000', 'echo undeliverable');
    const folder = folderWith(files);
    const { code, stdout } = await mxlab(
      ['exam', '--only', 'plain/strict', '--time-limit', '2s', ...command],
      {
        cwd: folder,
      },
    );
    expect(stdout).toContain('hung');
    expect(stdout).toMatch(/1 right +50 %/);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    expect(stateOf(child)).toMatch(/gone|Z/);
    expect(code).toBe(1);
  });

  test('one that crashes is told of by its last words', async () => {
    const { answers, code } = await examined(
      program('echo Traceback >&2; echo "ValueError: no" >&2; exit 1', 'kill -9 $$'),
      command,
    );
    expect(marksOf(answers)).toEqual({ alice: 'crashed', nobody: 'crashed' });
    expect(answers.alice?.said).toBe('ValueError: no');
    expect(answers.nobody?.said).toMatch(/Killed|SIGKILL/);
    expect(code).toBe(1);
  });

  test('a program that is not there is a crash that says so', async () => {
    const { answers } = await examined({}, ['--command', 'no-such-program {address}']);
    expect(answers.alice).toMatchObject({ mark: 'crashed', said: expect.stringContaining('not found') });
  });

  test('a flood of output is bounded, and is an answer like any other', async () => {
    const flood = 'head -c 200000000 /dev/zero | tr "\\\\0" x';
    const { answers } = await examined(program(`echo deliverable; ${flood}`, flood), command);
    expect(marksOf(answers)).toEqual({ alice: 'right', nobody: 'crashed' });
    expect(answers.nobody?.said.length).toBeLessThan(400);
  });

  test('what is no word of any mapping is not understood', async () => {
    const { answers } = await examined(program('echo perhaps', 'true'), command);
    expect(answers.alice).toMatchObject({ mark: 'crashed', said: 'not understood: perhaps' });
    expect(answers.nobody).toMatchObject({ mark: 'crashed', said: 'not understood: nothing was said' });
  });

  test('an address with quotes of the shell in it runs nothing', async () => {
    const address = `"$(touch ran)';touch ran;'"@some.example`;
    const folder = folderWith({
      'mine.yaml': `exam: Quotes\nsource: me\nhosts: { mx.some.example: postfix }\nask: [{ address: ${JSON.stringify(address)}, mailbox: dead, verdict: undeliverable }]\n`,
      'show.sh': 'printf "%s" "$1" > shown; echo undeliverable\n',
    });
    await mxlab(['exam', '--cases', '.', '--command', 'sh show.sh {address}'], { cwd: folder });
    expect(readFileSync(join(folder, 'shown'), 'utf8')).toBe(address);
    expect(() => readFileSync(join(folder, 'ran'))).toThrow('ENOENT');
  });
});

describe('--http', () => {
  const service = (port: number, answer: string): string => `
require("node:http").createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    const email = request.method === "POST" ? JSON.parse(body).email : new URL(request.url, "http://x").searchParams.get("email");
    ${answer}
  });
}).listen(${port}, "127.0.0.1");
`;
  const telling =
    'response.end(JSON.stringify({ result: email.startsWith("alice@") ? "valid" : "invalid" }));';

  test('a service that --start starts is asked by POST', async () => {
    const [port = 0] = await freePorts(1);
    const { answers, code } = await examined({ 'service.cjs': service(port, telling) }, [
      '--http',
      `http://127.0.0.1:${port}/validate`,
      '--start',
      'node service.cjs',
    ]);
    expect(marksOf(answers)).toEqual(bothRight);
    expect(code).toBe(0);
  });

  test('by GET, where the URL has {address}', async () => {
    const [port = 0] = await freePorts(1);
    const { answers } = await examined({ 'service.cjs': service(port, telling) }, [
      '--http',
      `http://127.0.0.1:${port}/?email={address}`,
      '--start',
      'node service.cjs',
    ]);
    expect(marksOf(answers)).toEqual(bothRight);
  });

  test('a status of 500 and an answer that breaks off are crashes', async () => {
    const [port = 0] = await freePorts(1);
    const answer =
      'if (email.startsWith("alice@")) { response.statusCode = 500; response.end("oops"); } else request.socket.destroy();';
    const { answers } = await examined({ 'service.cjs': service(port, answer) }, [
      '--http',
      `http://127.0.0.1:${port}/`,
      '--start',
      'node service.cjs',
    ]);
    expect(answers.alice).toMatchObject({ mark: 'crashed', said: 'HTTP 500 oops' });
    expect(answers.nobody).toMatchObject({ mark: 'crashed', said: expect.stringContaining('fetch failed') });
  });

  test('a service that ends at once is one clear sentence', async () => {
    const { code, stderr } = await mxlab(['exam', '--http', 'http://127.0.0.1:9/', '--start', 'exit 3']);
    expect(stderr).toContain('the service ended before it listened: exit 3');
    expect(code).toBe(2);
  });
});

describe('--module', () => {
  const module = `
export const check = async (address, { resolver, dial, clock }) => {
  const domain = address.split("@")[1];
  const { records: [{ exchange }] } = await resolver.mx(domain);
  const { records: [ip] } = await resolver.addresses(exchange, 4);
  const socket = await dial({ address: ip, port: 25 }, new AbortController().signal);
  socket.end();
  return { verdict: address.startsWith("alice@") ? "deliverable" : "undeliverable", at: clock.now() };
};
export const late = (address) => address.startsWith("alice@") ? new Promise(() => setInterval(() => {}, 1000)) : "undeliverable";
export const thrower = (address) => {
  if (address.startsWith("alice@")) return new Promise(() => setTimeout(() => { throw new Error("in a timer"); }, 10));
  throw new TypeError("not a function");
};
export const endless = (address) => {
  if (address.startsWith("alice@")) while (true);
  return "undeliverable";
};
export const quitter = (address) => address.startsWith("alice@") ? process.exit(3) : "undeliverable";
export const number = 5;
`;

  test('its function is given the doors of the case', async () => {
    const { answers, code } = await examined({ 'mine.mjs': module }, ['--module', 'mine.mjs#check']);
    expect(marksOf(answers)).toEqual(bothRight);
    expect(code).toBe(0);
  });

  test('what it leaves running does not keep the exam from ending', async () => {
    const { answers, code } = await examined({ 'mine.mjs': module }, [
      '--module',
      'mine.mjs#late',
      '--time-limit',
      '1s',
    ]);
    expect(marksOf(answers)).toEqual({ alice: 'hung', nobody: 'right' });
    expect(code).toBe(1);
  });

  test('what never gives its thread back is ended', async () => {
    const { answers, code } = await examined({ 'mine.mjs': module }, [
      '--module',
      'mine.mjs#endless',
      '--time-limit',
      '1s',
      '--parallel',
      '1',
    ]);
    expect(marksOf(answers)).toEqual({ alice: 'hung', nobody: 'right' });
    expect(code).toBe(1);
  });

  test('what ends its process is a crash, and what is asked then is asked of a new one', async () => {
    const { answers } = await examined({ 'mine.mjs': module }, [
      '--module',
      'mine.mjs#quitter',
      '--parallel',
      '1',
    ]);
    expect(answers.alice).toMatchObject({ mark: 'crashed', said: 'it ended its process with 3' });
    expect(answers.nobody?.mark).toBe('right');
  });

  test('what it takes to load is not counted against it', async () => {
    const slow = 'await new Promise((resolve) => setTimeout(resolve, 1500));\n';
    const check =
      'export default () => new Promise((resolve) => setTimeout(resolve, 1000, "deliverable"));\n';
    const { answers } = await examined({ 'slow.mjs': slow + check }, [
      '--module',
      'slow.mjs',
      '--time-limit',
      '2s',
    ]);
    expect(answers.alice?.mark).toBe('right');
    expect(answers.nobody?.mark).toBe('dangerous');
  });

  test('what it throws is its crash, and what it throws behind our back ends nothing', async () => {
    const { answers, stderr } = await examined({ 'mine.mjs': module }, [
      '--module',
      'mine.mjs#thrower',
      '--time-limit',
      '1s',
    ]);
    expect(answers.alice?.mark).toBe('hung');
    expect(answers.nobody).toMatchObject({ mark: 'crashed', said: 'not a function' });
    expect(stderr).toContain('in a timer');
  });

  test.each([
    ['mine.mjs#missing', /no function called missing; functions: check, endless, late, quitter, thrower/],
    ['mine.mjs#number', /no function called number/],
    ['mine.mjs', /no function called default/],
    ['nothing.mjs#check', /nothing\.mjs cannot be loaded/],
    ['endless.mjs#check', /endless\.mjs cannot be loaded: it is not done within 2 s/],
  ])('%s: one clear sentence', async (reference, message) => {
    const { code, stderr } = await mxlab(['exam', ...strict, '--module', reference, '--time-limit', '2s'], {
      cwd: folderWith({ 'mine.mjs': module, 'endless.mjs': 'while (true);' }),
    });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('a regression test', () => {
  const command = ['--command', 'sh check.sh {address}'];

  test('fails on a change alone, and names it', async () => {
    const folder = folderWith({ 'check.sh': 'echo deliverable\n' });
    const run = (...more: string[]) => mxlab(['exam', ...strict, ...command, ...more], { cwd: folder });
    const first = await run('--baseline', 'marks.json', '--update');
    expect(first).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('marks.json is the baseline now'),
    });
    const same = await run('--baseline', 'marks.json');
    expect(same).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing has changed') }); // though an answer is dangerous
    writeFileSync(join(folder, 'check.sh'), 'echo undeliverable\n');
    const changed = await run('--baseline', 'marks.json');
    expect(changed.stderr).toMatch(/plain\/strict alice@\S+: right before, dangerous now/);
    expect(changed.stderr).toMatch(/plain\/strict nobody@\S+: dangerous before, right now/);
    expect(changed.code).toBe(1);
  });
});

test('a mapping with a mistake is shown with its place', async () => {
  const folder = folderWith({
    'own.yaml': 'mapping: mine\nanswers:\n  - { when: { text: yes }, verdict: delivrable }\n',
  });
  const { code, stderr } = await mxlab(['exam', ...strict, '--command', 'true', '--mapping', 'own.yaml'], {
    cwd: folder,
  });
  expect(stderr).toMatch(/own\.yaml:3:\d+/);
  expect(stderr).toContain('^');
  expect(code).toBe(2);
});
