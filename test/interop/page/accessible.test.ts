import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as stories from '../../report/stories.ts';
import { telling } from '../../report/telling.ts';
import { barriers, open, withChromium } from './browser.ts';
import { reportOf, usualReport } from './reports.ts';

withChromium();

let usual = '';
let odd = '';
let target = '';
beforeAll(async () => {
  usual = await usualReport();
  odd = await reportOf(
    'scenarios/disconnect',
    'scenarios/tls',
    'scenarios/timeouts/two-tarpits-at-once.yaml',
    'scenarios/wire',
  );
  target = await telling('html', [stories.differing()], {}, { target: '127.0.0.1:2525' });
});

const widths = { wide: 1600, laptop: 1200, tablet: 800, phone: 360 };

/** Variants of one file look alike. */
async function oneOfEachFile(page: Page): Promise<string[]> {
  const entries = JSON.parse(await page.$eval('#entries', (data) => data.textContent ?? '')) as {
    id: number;
    file: string;
  }[];
  return [...new Map(entries.map(({ id, file }) => [file, String(id)])).values()];
}

test('axe would find something if there were something', async () => {
  const page = await open(usual, { hash: '#/1' });
  await page.evaluate(`
    document.querySelector('.about').style.color = 'rgb(200, 200, 200)';
    document.querySelector('.theme-button').removeAttribute('aria-label');
    document.querySelector('.theme-button').removeAttribute('title');
  `);
  expect((await barriers(page)).map((barrier) => barrier.replace(/ at .*/s, '')).sort()).toEqual([
    'button-name',
    'color-contrast',
  ]);
});

describe.each(['light', 'dark'] as const)('axe finds nothing, %s', (colours) => {
  test.each(Object.entries(widths))('%s: the overview', async (_, width) => {
    expect(await barriers(await open(usual, { colours, width, hash: '#/' }))).toEqual([]);
  });

  test.each(Object.entries(widths))('%s: a failed scenario with an explanation', async (_, width) => {
    const page = await open(usual, { colours, width, hash: '#/1/main-5.1' });
    await page.waitForSelector('#explanation h2');
    expect(await page.$$('.failed-check')).toHaveLength(2);
    expect(await barriers(page)).toEqual([]);
  });

  test('the ending of a connection explained', async () => {
    const page = await open(usual, { colours, hash: '#/3/main-2.2' });
    await page.waitForSelector('.candidates');
    expect(await barriers(page)).toEqual([]);
  });

  test('a search that finds, and one that does not', async () => {
    const page = await open(usual, { colours, hash: '#/2' });
    await page.type('input[type=search]', '450');
    await page.waitForSelector('.found-here');
    expect(await barriers(page)).toEqual([]);
    await page.type('input[type=search]', ' nobody-has-this');
    await page.waitForSelector('.nothing');
    expect(await barriers(page)).toEqual([]);
  });

  test.each(Object.entries(widths))('%s: simulated beside real', async (_, width) => {
    const page = await open(target, { colours, width });
    await page.waitForSelector('.pairs');
    expect(await barriers(page)).toEqual([]);
  });

  test('every scenario about endings, TLS, time and spoiled replies', async () => {
    const page = await open(odd, { colours });
    const ids = await oneOfEachFile(page);
    expect(ids.length).toBeGreaterThan(30);
    // In the dark only the colours are others, and `test/page/contrast.test.ts` looks at those.
    for (const id of colours === 'light' ? ids : ids.filter((_, i) => i % 5 === 0)) {
      await page.evaluate(`location.hash = '#/${id}'`);
      await page.waitForFunction(
        `document.querySelector('.item[aria-current=page]')?.getAttribute('href') === '#/${id}'`,
      );
      expect(await barriers(page, 'main'), id).toEqual([]);
    }
  }, 300_000);

  test('hostile replies', async () => {
    const page = await open(await telling('html', [stories.hostile().result()]), {
      colours,
      hash: '#/1/main-1.1',
    });
    await page.waitForSelector('#explanation h2');
    expect(await barriers(page)).toEqual([]);
  });
});

test('nothing moves for whoever does not want it', async () => {
  const moving = `[...document.querySelectorAll('*')].filter((element) => {
    const { transitionDuration, animationName } = getComputedStyle(element);
    return animationName !== 'none' || transitionDuration.split(', ').some((time) => time !== '0s');
  }).length`;
  const still = await open(usual, { hash: '#/1/main-5.1' });
  await still.waitForSelector('#explanation');
  expect(await still.evaluate(moving)).toBe(0);
  const lively = await open(usual, { hash: '#/1/main-5.1', reducedMotion: false });
  await lively.waitForSelector('#explanation');
  expect(await lively.evaluate(moving)).toBeGreaterThan(0);
});

test('one heading of the first level, and landmarks by name', async () => {
  const page = await open(usual, { hash: '#/1/main-5.1' });
  await page.waitForSelector('#explanation h2');
  expect(await page.$$('h1')).toHaveLength(1);
  const landmarks = await page.$$eval('body header.top, nav.finder, main, aside', (all) =>
    all.map((element) => `${element.tagName} ${element.getAttribute('aria-label') ?? ''}`.trim()),
  );
  expect(landmarks).toEqual(['HEADER', 'NAV Scenarios', 'MAIN', 'ASIDE Explanation']);
});

test('no page is wider than its window, down to 360 pixels', async () => {
  for (const html of [usual, target]) {
    const page = await open(html, { width: 360, height: 740 });
    const ids = await page.$$eval('.item', (links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const id of ['#/', ...ids]) {
      await page.evaluate(`location.hash = ${JSON.stringify(id)}`);
      await page.waitForFunction(`location.hash === ${JSON.stringify(id)}`);
      expect(await page.evaluate('document.documentElement.scrollWidth'), id).toBe(360);
    }
  }
});
