import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { typed } from '../cli/typed.ts';

const schemaOf = async (kind: string): Promise<z.ZodType> =>
  z.fromJSONSchema(JSON.parse((await typed(['schema', kind])).stdout));

const read = (folder: string, files: RegExp): readonly (readonly [string, unknown])[] => {
  const path = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => files.test(name))
    .map((name) => [name, parse(readFileSync(join(path, name), 'utf8'))] as const);
};

describe('an editor finds nothing wrong with what comes with mxlab', () => {
  test.each([
    ['scenario', 'scenarios', 'scenario'],
    ['provider', 'fixtures/providers', 'provider'],
    ['world', 'fixtures/worlds', 'world'],
  ])('%s', async (kind, folder, key) => {
    const schema = await schemaOf(kind);
    const ours = read(folder, /\.yaml$/).filter(([, file]) => Object.hasOwn(file as object, key));
    expect(ours.length).toBeGreaterThan(0);
    const wrong = ours.flatMap(([name, file]) => {
      const { error } = schema.safeParse(file);
      return error ? [`${name}: ${JSON.stringify(error.issues[0])}`] : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe('in a scenario', () => {
  const scenario = (step: object, more: object = {}): object => ({
    scenario: 'x',
    hosts: { 'mx.example.net': 'postfix' },
    steps: [{ connect: 'mx.example.net' }, step],
    ...more,
  });

  test.each([
    ['a duration', { wait: '{pause}' }],
    ['part of a duration', { wait: '{n}s' }],
    ['a word of a few', { disconnect: '{how}' }],
    ['a number', { data: { size: '{size}' } }],
    ['a condition of an expectation', { noop: null, expect: { 'at-least': '{n}', reply: '{code}' } }],
  ])('a variable may stand for %s', async (_, step) => {
    expect((await schemaOf('scenario')).safeParse(scenario(step)).error).toBeUndefined();
    const text = JSON.stringify(step).replace(/\{(\w+)\}/g, '$1');
    expect((await schemaOf('scenario')).safeParse(scenario(JSON.parse(text))).success).toBe(false);
  });

  test('a variable is no name of a variable', async () => {
    const file = scenario({ noop: null }, { matrix: { how: '{all}' } });
    expect((await schemaOf('scenario')).safeParse(file).success).toBe(false);
  });
});
