import { expect, test } from 'vitest';
import * as stories from '../../report/stories.ts';
import { telling } from '../../report/telling.ts';
import { scenarioOf, Told } from '../../report/told.ts';
import { open, withChromium } from './browser.ts';

withChromium();

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

/** What a host may say to a page. Anything of it that works opens a dialogue or fetches, which `open` takes note of. */
const evil = [
  '<script>alert(1)</script>',
  '</script><script>alert(2)</script>',
  '<!--<script>',
  '<img src=x onerror=alert(3)>',
  '"><svg onload=alert(4)>',
  '<a href="javascript:alert(5)">x</a>',
  '<style>body{display:none}</style>',
  '<link rel=stylesheet href=http://127.0.0.1:9/x.css>',
  '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
  '&lt;b&gt; &amp; &#x3c;',
  '{{constructor}} $' + '{alert(6)} __proto__',
  utf8('\u202egnp.exe\u202c \u2066x\u2069 \u200b \u2028'),
  '\x1b]8;;http://127.0.0.1:9/\x07link\x1b]8;;\x07',
];

const text = [
  'scenario: "<img src=x onerror=alert(7)> & </script>"',
  'about: "<b>bold</b>"',
  'tags: ["<i>tag</i>"]',
  'hosts: { mx1.example.net: postfix }',
  'steps:',
  ...evil.map(() => '  - { noop: , title: "<u>title</u>", expect: "250" }'),
  '',
].join('\n');

function story(): Told {
  const told = new Told(scenarioOf('<b>a.yaml', text, '<em>variant</em>'), '<s>provider</s>');
  for (const line of evil)
    told.step([{ say: [`NOOP ${line}`] }, { hear: [`550-${line}`, `550 ${line}`], stage: 'command' }]);
  return told;
}

test('what a host says is shown as it is, and does nothing', async () => {
  const page = await open(await telling('html', [story().result(), stories.hostile().result()]), {
    hash: '#/1',
  });
  const shown = await page.$eval('.steps', (element) => element.textContent ?? '');
  for (const line of evil.slice(0, -2)) expect(shown).toContain(line);
  expect(shown).toContain('\\u202egnp.exe\\u202c \\u2066x\\u2069 \\u200b \\u2028');
  expect(shown).toContain('\\x1b]8;;http://127.0.0.1:9/\\x07link');
  expect(
    await page.$$(':is(header, .diagram, .finder) :is(img, style, link, meta, b, i, u, em, script, iframe)'),
  ).toEqual([]);
  expect(await page.$$('.diagram a')).toEqual([]);
  const rows = await page.$$('.explained');
  for (const row of rows) {
    await row.click();
    await page.waitForSelector('#explanation h2');
  }
  expect(await page.$$('aside :is(img, style, link, meta, a, b, i, u, em, script, iframe)')).toEqual([]);
});

test('nothing of it leaves its place: every foreign text is isolated', async () => {
  const page = await open(await telling('html', [story().result()]), { hash: '#/1' });
  const naked = await page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.querySelector('.steps'), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode())
      if (/alert|gnp/.test(walker.currentNode.data) && !walker.currentNode.parentElement.closest('bdi')) found.push(walker.currentNode.data);
    return found;
  })()`);
  expect(naked).toEqual([]);
});

test('a search for it is harmless too', async () => {
  const page = await open(await telling('html', [story().result()]));
  await page.type('input[type=search]', '<img src=x onerror=alert(8)> .*+?^$( [');
  await page.waitForSelector('.nothing');
});

test('an address that names nothing shows the overview', async () => {
  for (const hash of ['#/99', '#/0', '#/x', '#/1/main-99.99', '#<script>alert(9)</script>']) {
    const page = await open(await telling('html', [story().result(), story().result()]), { hash });
    expect(await page.$$('h1')).toHaveLength(1);
  }
});
