import { describe, expect, test } from 'vitest';
import { typed } from './typed.ts';

const control = String.fromCharCode(27);

async function codes(...asked: string[]): Promise<string> {
  const { code, stdout, stderr } = await typed(['codes', ...asked]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function json(...asked: string[]): Promise<Record<string, unknown>[]> {
  const text = await codes(...asked, '--format', 'json');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('without a code, all 85 and 81 by class', async () => {
  const text = await codes();
  expect(text.match(/^ {2}[1-5]\d\d /gm)).toHaveLength(85);
  expect(text.match(/^ {2}X\.\d\.\d+ /gm)).toHaveLength(81);
  const classes = [...text.matchAll(/^([1-5])yz/gm)].map(([, digit]) => digit);
  expect(classes).toEqual(['1', '2', '3', '4', '5']);
  const all = await json();
  expect(all).toHaveLength(85 + 81);
});

test.each([40, 60, 80, 120])('fits %i columns', async (columns) => {
  for (const asked of [[], ['552'], ['5.7.1'], ['5.4.1'], ['499'], ['mailbox', 'full']]) {
    const { stdout } = await typed(['codes', ...asked], { columns });
    const long = stdout.split('\n').filter((line) => line.length > columns);
    expect(long, asked.join(' ')).toEqual([]);
  }
});

describe('a basic code', () => {
  test('is told with its section, its stages, what people get wrong, reasons and samples', async () => {
    const text = await codes('450');
    for (const part of [
      '450  Mailbox unavailable for now',
      'RFC 5321 4.2.3',
      'Often taken wrong',
      'By stage',
      'at ehlo',
      'greylisted',
      'As it is seen',
      '450 4.3.2 Service currently unavailable',
    ])
      expect(text).toContain(part);
  });

  test('in JSON', async () => {
    const [entry] = await json('552');
    expect(entry).toMatchObject({
      code: '552',
      kind: 'basic',
      standing: 'standard',
      reason: 'message-too-big',
      oftenWrong: expect.any(String),
    });
    expect(entry?.reasons).toContainEqual({
      reason: 'mailbox-full',
      title: 'Mailbox full',
      samples: expect.any(Number),
    });
  });

  test('in no book, its digits are read and near ones named', async () => {
    const [entry] = await json('499');
    expect(entry).toMatchObject({ known: false, source: expect.stringContaining('RFC 5321 4.2.1') });
    expect(entry?.near).toContainEqual({ code: '471', title: 'Filter trouble' });
    expect(await codes('499')).toContain('not now; the same thing may work later');
    expect(await codes('561')).toContain('5.6.1 and leave out the dots');
  });
});

describe('an enhanced code', () => {
  test('is told for one class or for all', async () => {
    expect(await codes('5.7.1')).not.toContain('4.7.1');
    const all = await codes('X.7.1');
    for (const part of ['4.7.1, passing', '5.7.1, final', 'RFC 3463 3.8']) expect(all).toContain(part);
    expect(await codes('x.7.1')).toBe(all);
    expect(await codes('#5.07.001')).toBe(await codes('5.7.1'));
  });

  test("with providers' readings", async () => {
    const [entry] = await json('5.4.1');
    expect(entry?.readings).toContainEqual(
      expect.objectContaining({ provider: 'microsoft', reason: 'user-unknown' }),
    );
  });

  test('that is not registered: its parts, who uses it, near ones', async () => {
    const text = await codes('5.7.606');
    for (const part of ['RFC 3463', 'Security or policy', 'microsoft 5.7.606-649', 'X.7.30'])
      expect(text).toContain(part);
    expect(await codes('5.9.1')).toContain('they end at 7');
  });
});

describe('words', () => {
  test('find codes, the best first', async () => {
    const found = (await json('mailbox', 'full')).map(({ code }) => code);
    expect(found.slice(0, 3).sort()).toEqual(['422', '522', 'X.2.2']);
    expect((await json('greylisted'))[0]).toMatchObject({ reason: 'greylisted' });
    expect((await json('null mx')).map(({ code }) => code).slice(0, 3)).toContain('X.1.10');
  });

  test('that nothing holds are said so', async () => {
    const { code, stdout, stderr } = await typed(['codes', `zxcv${control}[31m`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('no code speaks of');
    expect(stderr).not.toContain(control);
  });
});

test('several codes, one after the other', async () => {
  expect((await json('450', '5.7.1', '499')).map(({ code }) => code)).toEqual(['450', '5.7.1', '499']);
});
