import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as stories from '../../report/stories.ts';
import { telling } from '../../report/telling.ts';
import { focused, open, withChromium, words } from './browser.ts';
import { reportOf, usualReport } from './reports.ts';

withChromium();

let usual = '';
beforeAll(async () => {
  usual = await usualReport();
});

async function press(page: Page, ...keys: Parameters<Page['keyboard']['press']>[0][]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Goes on with Tab until something has the focus. */
async function tabTo(page: Page, wanted: string | RegExp): Promise<number> {
  for (let presses = 1; presses < 60; presses++) {
    await press(page, 'Tab');
    const here = await focused(page);
    if (typeof wanted === 'string' ? here === wanted : wanted.test(here)) return presses;
  }
  throw new Error(`Tab never came to ${wanted}`);
}

const heading = '#explanation h2';

describe('by keyboard alone', () => {
  test('from the first key to an explanation and back', async () => {
    const page = await open(usual);
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Skip to the dialogue');
    await tabTo(page, /A mailbox that nobody has is put off/);
    await press(page, 'ArrowDown');
    expect(await focused(page)).toContain('A greylisting host lets us in');
    await press(page, 'End', 'Home', 'Enter');
    await page.waitForFunction(`document.activeElement?.tagName === 'H1'`);
    await expect.poll(() => focused(page)).toContain('A mailbox that nobody has is put off');
    await tabTo(page, /^mx1\.example\.net answers: 220/);
    for (let i = 0; i < 10 && !(await focused(page)).includes('550'); i++) await press(page, 'ArrowDown');
    await press(page, 'Enter');
    await page.waitForFunction(`document.activeElement?.matches('${heading}')`);
    expect(await words(page, heading)).toBe('550 5.1.1 user-unknown');
    await press(page, 'Escape');
    await page.waitForFunction(`!document.querySelector('#explanation')`);
    await expect.poll(() => focused(page)).toMatch(/answers: 550 5\.1\.1/);
  });

  test('the skip link leads to the dialogue and keeps the address', async () => {
    const page = await open(usual, { hash: '#/2' });
    await press(page, 'Tab', 'Enter');
    await page.waitForFunction(`document.activeElement?.id === 'main'`);
    expect(await page.evaluate('location.hash')).toBe('#/2');
    await press(page, 'Tab');
    expect(await page.evaluate(`document.querySelector('main').contains(document.activeElement)`)).toBe(true);
  });

  test('the list is one stop, however long', async () => {
    const page = await open(usual, { hash: '#/2' });
    await tabTo(page, /A greylisting host lets us in/);
    await press(page, 'Tab');
    expect(await page.evaluate(`document.querySelector('.list').contains(document.activeElement)`)).toBe(
      false,
    );
  });

  test('with the explanation open, arrows read on', async () => {
    const page = await open(usual, { hash: '#/1/main-0.1' });
    await page.waitForSelector(heading);
    await page.focus('#row-main-0\\.1');
    await press(page, 'ArrowDown');
    await page.waitForFunction(
      `document.querySelector('#row-main-1\\\\.1')?.getAttribute('aria-expanded') === 'true'`,
    );
    await expect.poll(() => words(page, heading)).toBe('250 accept');
    await press(page, 'Escape');
    await page.waitForFunction(`!document.querySelector('#explanation')`);
  });

  test('a button leads to the failed check', async () => {
    const page = await open(usual, { hash: '#/1' });
    await tabTo(page, 'RCPT TO:<no-such-mailbox@example.net>');
    await press(page, 'Enter');
    await expect.poll(() => focused(page)).toBe('Failed check of reply');
  });
});

describe('what a person sees', () => {
  test('a failed scenario: its verdict, the excerpt with carets, what was found', async () => {
    const page = await open(usual, { hash: '#/1' });
    expect(await words(page, '.verdict')).toBe('2 of 7 checks did not hold');
    expect(await words(page, '.failed-check')).toMatch(
      /0\.yaml:12:22 10 - mail: probe@example\.net 11 - rcpt: no-such-mailbox@example\.net 12 expect: \{ reply: 450 4\.2\.1, reason: greylisted \} \^{9} expected 450 4\.2\.1 found 550 5\.1\.1/,
    );
  });

  test('TLS, pauses, pipelined groups, endings and messages are drawn', async () => {
    const page = await open(usual, { hash: '#/2' });
    expect(await page.$$eval('.row-pause', (rows) => rows.map((row) => row.textContent?.trim()))).toEqual([
      expect.stringContaining('5 min later'),
      expect.stringContaining('1 d later'),
    ]);
    expect(await words(page, '.pill.tls')).toBe('TLS 1.3, certificate trusted');
    expect((await page.$$('.row-reply.line-tls')).length).toBeGreaterThan(5);
    await page.evaluate(`location.hash = '#/3'`);
    await page.waitForSelector('.sent-group');
    expect(await words(page, '.sent-group')).toContain('2 lines in one go');
    expect(await words(page, '.ending-closed .wire-end')).toBe('FIN');
    expect(await words(page, '.ending-closed')).toContain('in reply to RCPT TO');
  });

  test('an explanation says all that is known', async () => {
    const page = await open(usual, { hash: '#/3' });
    await page.locator('.class-5 .explained').click();
    const text = await words(page, '#explanation');
    for (const part of [
      'mx.outlook.example in reply to MAIL FROM',
      'blocklisted',
      'about the client',
      'Retry Do not try again unchanged',
      'To a validator unknown',
      'Sender Stop, mend the cause',
      'Likely causes',
      'RFC 5321',
      'RFC 3463',
      'How we know',
      'Rule',
      'Because of',
      'Confidence',
    ])
      expect(text).toContain(part);
    await page.locator('.ending-closed .explained').click();
    await page.waitForSelector('.candidates');
    expect(await words(page, '#explanation')).toMatch(
      /The host closed the connection.+Their side.+Its last reply was 550/,
    );
  });

  test('the address says what is shown, and back goes back', async () => {
    const page = await open(usual);
    await page.locator('.item[href="#/2"]').click();
    await page.locator('.class-4 .explained').click();
    await page.waitForSelector(heading);
    expect(await page.evaluate('location.hash')).toMatch(/^#\/2\/main-\d+\.\d+$/);
    await page.goBack();
    await page.waitForSelector('.overview');
  });

  test('simulated beside real, with what differs', async () => {
    const page = await open(await telling('html', [stories.differing()], {}, { target: '127.0.0.1:2525' }));
    expect(await page.$$('.pair')).toHaveLength(4);
    expect(await words(page, '.difference.matters')).toMatch(
      /codes or endings differ Simulated Real 550 5\.1\.1/,
    );
    expect(await words(page, '.pair:last-child .side-twin .explained')).toContain('550 5.1.1');
    expect(await words(page, '.pair:last-child .side-main .explained')).toContain('450 4.2.0');
    await page.locator('.pair:last-child .side-twin .explained').click();
    expect(await words(page, heading)).toContain('550');
    await page.locator('.views label:nth-of-type(2)').click();
    await page.waitForFunction(`!document.querySelector('.pairs')`);
    expect(await words(page, '.diagram')).toContain('450');
  });

  test('files that could not be read', async () => {
    const page = await open(await reportOf('scenario: ""\n'));
    expect(await words(page, 'h1')).toBe('Nothing was run');
    expect(await words(page, '.overview')).toContain('must not be empty');
  });
});

describe('search and filters', () => {
  const titles = (page: Page): Promise<string[]> =>
    page.$$eval('.item', (items) => items.map((item) => item.getAttribute('href') ?? ''));

  test.each([
    ['greylisted', ['#/2']],
    ['5.7.1', ['#/3', '#/4', '#/5']],
    ['450', ['#/2']],
    ['outlook', ['#/3', '#/4', '#/5']],
    ['user-unknown', ['#/1']],
  ])('%s', async (text, ids) => {
    const page = await open(usual);
    await page.type('input[type=search]', text);
    await page.waitForFunction(`document.querySelectorAll('.item').length === ${ids.length}`);
    expect(await titles(page)).toEqual(ids);
    await expect.poll(() => words(page, '[role=status]')).toBe(`${ids.length} of 5 scenarios`);
  });

  test('what was found is marked in the dialogue, for ears as well', async () => {
    const page = await open(usual, { hash: '#/2' });
    await page.type('input[type=search]', 'greylisted');
    await page.waitForSelector('.found-here');
    expect(
      await page.$$eval('.found-here', (all) => all.map((each) => each.textContent?.slice(0, 7))),
    ).toEqual(['found: ']);
  });

  test('only the failed ones', async () => {
    const page = await open(usual);
    await page.locator('.filters label:nth-of-type(2)').click();
    await page.waitForFunction(`document.querySelectorAll('.item').length === 1`);
    expect(await titles(page)).toEqual(['#/1']);
  });

  test('a click on a reason in the overview looks for it', async () => {
    const page = await open(usual);
    await page.evaluate(
      `[...document.querySelectorAll('.tally button')].find((button) => button.textContent.startsWith('greylisted')).click()`,
    );
    await page.waitForFunction(`document.querySelectorAll('.item').length === 1`);
    expect(await titles(page)).toEqual(['#/2']);
  });
});

describe('colours', () => {
  const paper = (page: Page): Promise<unknown> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor');

  test('as the system has them, until the button says otherwise', async () => {
    const [light, dark] = [await open(usual), await open(usual, { colours: 'dark' })];
    expect(await paper(light)).toBe('rgb(255, 255, 255)');
    expect(await paper(dark)).not.toBe('rgb(255, 255, 255)');
    const whenPaper = (colour: unknown): Promise<unknown> =>
      dark.waitForFunction(`getComputedStyle(document.body).backgroundColor === ${JSON.stringify(colour)}`);
    const before = await paper(dark);
    await dark.locator('.theme-button').click();
    await whenPaper('rgb(255, 255, 255)');
    await dark.locator('.theme-button').click();
    await whenPaper(before);
    await dark.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    expect(await paper(dark)).toBe(before);
    await dark.locator('.theme-button').click();
    await whenPaper('rgb(255, 255, 255)');
  });

  test('on paper: light, without the list, and with what a click would tell', async () => {
    const page = await open(usual, { colours: 'dark', hash: '#/1' });
    await page.emulateMediaType('print');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.finder')).display`)).toBe('none');
    expect(await words(page, '.on-paper')).toMatch(/^There is no mailbox with this name\./);
  });
});

test('over 300 scenarios: the page comes up, and only one dialogue is drawn', async () => {
  const all = await reportOf('scenarios');
  const page = await open(all, { hash: '#/200' });
  expect((await page.$$('.item')).length).toBeGreaterThan(300);
  expect(await page.$$('.diagram')).toHaveLength(1);
  await page.type('input[type=search]', '421');
  await page.waitForFunction(`document.querySelectorAll('.item').length < 100`);
});
