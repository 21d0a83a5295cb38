import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { yamlShelf } from '../../src/knowledge/yaml-shelf.ts';
import { printedBy } from './client-errors/asking.ts';
import { type Case, cases } from './client-errors/cases.ts';
import { loggedByExim, removeExim } from './client-errors/exim-client.ts';
import { loggedByPostfix } from './client-errors/postfix-client.ts';
import { cleanUp, type Program, programs } from './client-errors/programs.ts';
import { reproduce } from './client-errors/reproduction.ts';
import { unclear } from './client-errors/unclear.ts';
import { nodemailerTells } from './pains/clients.ts';

/**
 * The real client against the simulated host of the scenario, and what it printed taken back to the ending: the true one is
 * among the first two. Where the text does not tell the stage, "hung up, at any later stage" counts for the stages it covers.
 */
const { explainClientError } = await loadKnowledge();
const index = await yamlShelf(new URL('../../fixtures/knowledge/', import.meta.url)).read('client-errors');

/** Which errors of the index a real client has printed. */
const printed = new Set<string>();

afterAll(() => Promise.all([cleanUp(), removeExim()]));

async function judge(client: string, it: Case, text: string, debug = false): Promise<void> {
  const told = await explainClientError(text);
  for (const part of [text, ...text.split('\n')]) {
    const { client: who, says } = (await explainClientError(part)) ?? {};
    if (who === client) printed.add(`${who}: ${says}`);
  }
  const truths = [it.truth].flat();
  if (told === undefined) {
    // The client has nothing to complain of, or passes the server's own words on, which explain themselves.
    const content = unclear.content.some((one) => one.client === client && one.name === it.name);
    const passesOn = /(?:^|[:(] ?)[45]\d\d[ -]/m.test(text);
    expect(content || passesOn, `nothing is said of: ${text}`).toBe(true);
    return;
  }
  const named = told.endings.slice(0, 2).flatMap(({ id, covers }) => [id, ...covers]);
  const excused = unclear.third.some((one) => one.client === client && one.name === it.name && !debug);
  const right = told.client === client && truths.some((id) => named.includes(id));
  expect(right !== excused, `${told.client}: ${told.endings.map(({ id }) => id)}\n${text}`).toBe(true);
  if (excused) expect(told.endings.map(({ id }) => id)).toEqual(expect.arrayContaining([truths[0]]));
}

describe.each(Object.entries<Program>(programs))('%s', (client, program) => {
  const ending = cases.filter(
    ({ name }) => !unclear.neverEnds.some((it) => it.client === client && it.name === name),
  );
  test.concurrent.each(ending)('$name', async (it) => {
    for (const debug of unclear.debuggers.includes(client) ? [false, true] : [false]) {
      await judge(client, it, await printedBy(program, it, debug), debug);
    }
  });
});

/** Without logins, for which mail servers need more than a setting. */
const relayed = cases.filter(({ wish }) => !wish?.login);

describe('postfix', () => {
  let logged: ReadonlyMap<Case, string> = new Map();
  beforeAll(async () => {
    logged = await loggedByPostfix(relayed);
  });
  test.each(relayed)('$name', (it) => judge('postfix', it, logged.get(it) ?? ''));
});

describe('exim', () => {
  test.concurrent.each(relayed)('$name', async (it) =>
    judge('exim', it, await printedBy(loggedByExim, it, false)),
  );
});

describe('nodemailer, with settings of its own', () => {
  const offering = 'scenarios/auth/a-wrong-password-and-a-wrong-name-look-alike.yaml';
  test.each([
    {
      name: 'no password',
      auth: { user: 'ada', pass: '' },
      truth: 'login-not-configured',
      scenario: offering,
    },
    {
      name: 'a login where none is offered',
      auth: { user: 'ada', pass: 'wrong' },
      truth: 'auth-not-offered',
      scenario: 'scenarios/auth/mechanisms-appear-only-under-tls.yaml',
    },
  ])('$name', async ({ auth, ...it }) => {
    await using lab = await reproduce(it);
    const text = await nodemailerTells({ port: lab.port, auth, forceAuth: true, ignoreTLS: true });
    await judge('nodemailer', it, text);
  });
});

test('every error of the index was printed by its client, or says where it was seen', () => {
  const errors = index.clients.flatMap(({ client, errors: all }) =>
    all.map((error) => ({ client, ...error })),
  );
  const missing = errors.filter(
    ({ client, says, seen }) => seen === undefined && !printed.has(`${client}: ${says}`),
  );
  expect(missing.map(({ client, prints }) => `${client}: ${prints}`)).toEqual([]);
});
