import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../src/cli/exit.ts';
import { routes } from '../src/control/routes.ts';
import { jsonSchemaOf } from '../src/datafile/json-schema.ts';
import { details } from '../src/report/reporter-options.ts';
import { findScenarioFiles, shippedScenarios } from '../src/scenario/discover.ts';
import { endingNames } from '../src/scenario/expectation.ts';
import { loadScenarios } from '../src/scenario/load.ts';
import { scenarioSchema } from '../src/scenario/scenario.ts';
import { isProfile, ProviderShelf } from '../src/sim/load-profiles.ts';
import { isMagic, magicNames } from '../src/sim/magic-recipients.ts';
import { profileSchema } from '../src/sim/profile.ts';
import { startLab } from '../src/world/start-lab.ts';
import { mxlab, root } from './cli/mxlab.ts';
import { needsMoreThanNode, testConsole } from './readme/console.ts';
import { blocks, code, readme, table } from './readme/readme.ts';
import { Schema } from './readme/schema.ts';

const shelf = new ProviderShelf();

describe('what is shown in a console', () => {
  const shell = testConsole(
    blocks.filter((block) => block.language === 'console' && !needsMoreThanNode(block)),
  );

  test('every program is run by one of them', () => {
    const programs = blocks.filter(({ language }) => ['js', 'python'].includes(language));
    const run = blocks.filter(({ language }) => language === 'console').map(({ text }) => text);
    const left = programs.filter(({ file }) => !run.some((text) => text.includes(` ${file}\n`)));
    expect(left.map(({ file }) => file)).toEqual(['reset.test.cjs']);
  });

  test('what is for Jest runs where there are functions of these names, as in Jest', async () => {
    expect(readme).toContain('npx jest reset.test.cjs`');
    const printed = await shell.run('npx vitest run --globals reset.test.cjs');
    expect(printed.text).toMatch(/Tests {2}1 passed \(1\)/);
  });

  test('commands for a fresh clone stand there as CI runs them', () => {
    const first = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
    expect(first).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'bench']));
  });

  test('every option is there', async () => {
    const helps = await Promise.all(
      ['run', 'check', 'serve', 'explain', 'verify', 'exec', 'exam', 'show', 'talk', 'learn', 'codes'].map(
        (command) => mxlab([command, '--help']),
      ),
    );
    const known = helps.map(({ stdout }) => stdout).join();
    const ours = readme.replace(/^\$ (?:swaks|curl) .*$/gm, '').replace(/`NODE_OPTIONS=.*?`/g, '');
    const named = [...ours.matchAll(/(?<![\w-])--[a-z][a-z-]*(?!-)/g)].map(([option]) => option);
    expect(named.length).toBeGreaterThan(10);
    expect([...new Set(named)].filter((option) => !known.includes(`${option} `))).toEqual([]);
    for (const detail of details) expect(readme).toMatch(new RegExp(`--detail \\S*\\b${detail}\\b`));
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mxlab-readme-'));
    symlinkSync(join(root, 'scenarios'), join(folder, 'scenarios'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What is wrong with a scenario, which may leave out what it is not about. */
  async function mistakes(written: object): Promise<readonly string[]> {
    const steps = [{ connect: 'mx1.example.net' }];
    const whole = { scenario: 'A test', hosts: { 'mx1.example.net': 'postfix' }, steps, ...written };
    const file = join(folder, 'test.yaml');
    writeFileSync(file, JSON.stringify(whole));
    const loaded = await loadScenarios(file, { shelf });
    return 'issues' in loaded ? loaded.issues.map(({ message }) => message) : [];
  }

  /** Starts a world, which fails for one that is not well-formed. */
  async function served(text: string): Promise<void> {
    const file = join(folder, 'world.yaml');
    writeFileSync(file, text);
    const lab = await startLab(file);
    expect(lab.hosts.length).toBeGreaterThan(1);
    await lab.close();
  }

  /** Mistakes of a step behind a connect. */
  const mistakesOf = (step: unknown): Promise<readonly string[]> =>
    mistakes({ vars: { host: 'mx1.example.net' }, steps: [{ connect: 'mx1.example.net' }, step] });

  test.each(blocks.filter(({ language }) => language === 'yaml'))('line $line', async ({ text }) => {
    const written = parse(text);
    if ('world' in written) return served(text);
    expect(await mistakes(written)).toEqual([]);
    if (!('scenario' in written)) return;
    const file = join(folder, 'run.yaml');
    writeFileSync(file, text);
    expect(await mxlab(['run', file])).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(table('steps').map(([step = '']) => ({ step })))('step $step', async ({ step }) => {
    expect(await mistakesOf(parse(code(step)[0] ?? ''))).toEqual([]);
  });

  test.each(table('expectations').map(([cell = '']) => ({ cell })))('expectation $cell', async ({ cell }) => {
    for (const expected of code(cell)) {
      const expect_ = parse(expected.includes(': ') ? `{ ${expected} }` : expected);
      expect(await mistakesOf({ attempt: 'alice@example.net', expect: expect_ })).toEqual([]);
    }
  });

  test.each(table('verdicts').map(([cell = '']) => ({ cell })))('verdict $cell', async ({ cell }) => {
    for (const expected of code(cell)) {
      const expect_ = parse(expected.includes(': ') ? `{ ${expected} }` : expected);
      const verify = ['alice@example.net', 'bob@example.net'];
      expect(await mistakesOf({ verify, expect: expect_ })).toEqual([]);
    }
  });
});

describe('tables are complete', () => {
  const scenario = new Schema(jsonSchemaOf(scenarioSchema, 'scenario'));
  const provider = new Schema(jsonSchemaOf(profileSchema, 'provider'));

  const steps = scenario
    .at('steps')
    .items.alternatives.filter(({ keys }) => keys.length > 0)
    .map(({ keys, required: [verb = 'parallel'] }) => ({ verb, keys }));

  test('steps and what they may say besides', () => {
    const there = steps.map(({ verb, keys }) => {
      const usual = keys.includes('force') || verb === 'disconnect' ? ['on', 'patience', 'force'] : [];
      return [verb, keys.filter((key) => ![verb, 'title', 'expect', ...usual].includes(key)).sort()];
    });
    const told = table('steps').map(([step = '', , besides]) => [
      /\w+/.exec(step)?.[0],
      code(besides).sort(),
    ]);
    expect(told.sort()).toEqual(there.sort());
  });

  test('steps without expect', () => {
    const [, told = ''] = /Every step may have a `title`; all but (.*?) an `expect`/s.exec(readme) ?? [];
    const there = steps.filter(({ keys }) => !keys.includes('expect')).map(({ verb }) => verb);
    expect(code(told).sort()).toEqual(there.sort());
  });

  test('expectations', () => {
    const rows = table('expectations').map(([cell = '']) => code(cell)[0] ?? '');
    const [, mapping] = scenario.at('steps').items.alternatives[1]?.at('expect').alternatives ?? [];
    expect(rows.filter((row) => row.includes(':')).map((row) => row.split(':')[0])).toEqual(mapping?.keys);
    const words = table('expectations').filter(([cell]) => code(cell)[0]?.match(/^[a-z-]+$/));
    expect(Object.fromEntries(words.map(([cell, means]) => [code(cell)[0], means]))).toEqual(endingNames);
  });

  test('verdicts', () => {
    const rows = table('verdicts').map(([cell = '']) => code(cell)[0] ?? '');
    const verify = scenario.at('steps').items.alternatives.find(({ keys }) => keys[0] === 'verify');
    const [, mapping] = verify?.at('expect').alternatives ?? [];
    expect(rows.filter((row) => row.includes(':')).map((row) => row.split(':')[0])).toEqual(mapping?.keys);
  });

  test('hosts', () => {
    const [, host] = scenario.at('hosts').values.alternatives;
    const [sentence = ''] = /^A host may say [\s\S]*?`tls: implicit`/m.exec(readme) ?? [];
    const told = code(sentence).map((key) => key.split(':')[0]);
    expect(told.sort()).toEqual(host?.keys.filter((key) => key !== 'provider').sort());
  });

  test('providers', async () => {
    const there = await Promise.all(
      (await shelf.names()).map(async (name) => {
        const profile = await shelf.get(name);
        if (!isProfile(profile)) throw new Error(`${name} cannot be read`);
        return [`\`${name}\``, profile.title, `${Object.keys(profile.situations).length}`];
      }),
    );
    expect([...table('providers')].sort()).toEqual(there.sort());
  });

  test('behaviours and their options', () => {
    const behaviours = provider.at('behaviours').items;
    const there = behaviours.keys.map((name) => [name, behaviours.at(name).keys]);
    expect(table('behaviours').map(([name, , options]) => [code(name)[0], code(options)])).toEqual(there);
  });

  test('options of serve', async () => {
    const { stdout } = await mxlab(['serve', '--help']);
    const there = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option);
    const told = table('serve').map(([option]) => code(option)[0]?.split(' ')[0]);
    expect(told.sort()).toEqual(there.sort());
  });

  test('magic recipients', () => {
    const [unknown, ...named] = table('magic recipients').map(([cell, means]) => [code(cell)[0], means]);
    const there = Object.entries(magicNames).map(([name, means]) => [`${name}@`, means]);
    expect(named.slice(0, -2)).toEqual(there);
    for (const [cell = ''] of named.slice(-2)) expect(isMagic(cell.replace('@', '')), cell).toBe(true);
    expect([unknown?.[0], isMagic('unknown')]).toEqual(['unknown@', false]); // it is a mailbox like any that is not there
  });

  test('what can be asked of the control API', () => {
    const there = routes.map(({ method, path, summary }) => [`${method.toUpperCase()} ${path}`, summary]);
    expect(table('control').map(([cell, what]) => [code(cell)[0], what])).toEqual(there);
  });

  test('exit codes', () => {
    expect(table('exit codes').map(([exit]) => Number(exit))).toEqual(Object.values(exitCodes));
  });
});

test('what is linked to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
    ([, a, b]) => a ?? b ?? '',
  );
  expect(links.length).toBeGreaterThan(4);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});

test('folders of scenarios that are named are there', () => {
  const named = [...readme.matchAll(/`(scenarios\/[\w/-]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('there are as many scenarios as it says', async () => {
  const { files } = await findScenarioFiles([shippedScenarios]);
  const loaded = await Promise.all(files.map((file) => loadScenarios(file, { shelf })));
  const count = loaded.flatMap((each) => ('scenarios' in each ? each.scenarios : [])).length;
  expect(count).toBeGreaterThan(Number(/over (\d+) of them/.exec(readme)?.[1]));
});

test('it runs on the Node that it names', () => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(readme).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
});
