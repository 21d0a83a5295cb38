import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axeCore from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { program } from '../peers.ts';

/** How a person looks at the page. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly colours?: 'light' | 'dark';
  /** `#/1` and so on. */
  readonly hash?: string;
  readonly reducedMotion?: boolean;
}

let browser: Browser | undefined;
let folder = '';

/** Starts Chromium for the tests of a file. Throws, with how to install it, where there is none. */
export function withChromium(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mxlab-page-'));
    browser = await puppeteer.launch({
      executablePath: program('chromium'),
      args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });
}

/**
 * Opens a report. At the end of the test it must have asked for nothing but itself, and have nothing to complain of
 * (its policy included).
 */
export async function open(html: string, look: Look = {}): Promise<Page> {
  if (!browser) throw new Error('withChromium() has not been called');
  const file = join(folder, `${Math.trunc(performance.now() * 1_000)}.html`);
  await writeFile(file, html);
  const page = await browser.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  onTestFinished(async () => {
    await page.close();
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(pathToFileURL(file).href))).toEqual([]);
  });
  await page.setViewport({ width: look.width ?? 1440, height: look.height ?? 900 });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: look.colours ?? 'light' },
    { name: 'prefers-reduced-motion', value: look.reducedMotion === false ? 'no-preference' : 'reduce' },
  ]);
  await page.goto(`${pathToFileURL(file).href}${look.hash ?? ''}`);
  await page.waitForSelector('main');
  return page;
}

/** What axe finds wrong on the page, or in a part of it: one line for each element. */
export async function barriers(page: Page, part = 'html'): Promise<string[]> {
  await page.evaluate(axeCore.source);
  return page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(part, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
  }, part);
}

interface Axe {
  run(part: string, options: object): Promise<AxeResults>;
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
  }[];
}

/** The words of the first element that fits, as a person sees them. */
export async function words(page: Page, selector: string): Promise<string> {
  await page.waitForSelector(selector);
  const text = await page.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`);
  return String(text).replace(/\s+/g, ' ').trim();
}

/** Which element has the focus: its words, or its label. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const at = document.activeElement;
    return (at.getAttribute('aria-label') ?? at.innerText ?? '').replace(/\\s+/g, ' ').trim();
  })()`) as Promise<string>;
}
