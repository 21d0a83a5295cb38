// Makes the pictures of the README: runs mxlab as it is built and photographs, with Chromium, what it prints in colour and
// the page that it writes.
// Use: npm run pictures [CHROMIUM], after npm run build. Look at the pictures before you commit them.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnsiUp } from 'ansi_up';
import nodemailer from 'nodemailer';
import puppeteer from 'puppeteer-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const chromium = process.argv[2] ?? '/usr/bin/chromium';
const columns = 92;
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What is photographed. `leaveOut` gives the first and last line of what a `…` stands for. */
const pictures = [
  {
    name: 'outlook',
    command: 'npx mxlab run scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml',
    leaveOut: [
      [/S: 250-PIPELINING/, /S: 250 SMTPUTF8/],
      [/^ +http:.*troubleshooting/, /blocklisted · about/],
    ],
    until: /^✓ passed/,
  },
  {
    name: 'serve',
    command: 'npx mxlab serve outlook:blocklisted gmail --port 2525',
    client: { from: 'me@example.net', to: 'alice@outlook.example' },
    leaveOut: [
      [/S: 250-SIZE/, /S: 250 SMTPUTF8/],
      [/^ +http:.*troubleshooting/, /blocklisted · about/],
    ],
    until: /\(FIN\) · /,
  },
];

/** A report of three scenarios, the first of which fails, with the reply explained that it did not expect. */
const report = {
  name: 'report',
  scenarios: [
    'docs/report/an-unknown-mailbox-is-put-off.yaml',
    'scenarios/greylisting/let-in-on-the-second-try.yaml',
    'scenarios/disconnect/in-the-middle-of-the-message.yaml',
  ],
  hash: '#/1/main-5.1',
  width: 1440,
  height: 1270,
};

const themes = {
  light: {
    ground: { paper: '#ffffff', ink: '#1f2328', edge: '#d1d9e0', faint: '#59636e' },
    paints: { red: '#cf222e', green: '#116329', yellow: '#7d4e00', magenta: '#8250df', cyan: '#0a6f7d' },
  },
  dark: {
    ground: { paper: '#0d1117', ink: '#f0f6fc', edge: '#3d444d', faint: '#9198a1' },
    paints: { red: '#ff7b72', green: '#56d364', yellow: '#e3b341', magenta: '#d2a8ff', cyan: '#56d4dd' },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'mxlab-pictures-'));
try {
  for (const picture of pictures) {
    const text = shorten(await run(picture), picture);
    for (const theme of Object.keys(themes)) photograph(picture, text, theme);
  }
  await photographReport(report);
} finally {
  rmSync(folder, { recursive: true });
}

/** What a command prints on a terminal of so many columns; one that serves, until a client has sent its letter in vain. */
async function run({ command, client, until }) {
  const args = command.replace('npx mxlab', join(root, 'dist/cli/main.js')).split(' ');
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', FORCE_COLOR: '1', COLUMNS: `${columns}` };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let sent = false;
  for await (const part of child.stdout.setEncoding('utf8')) {
    text += part;
    if (client && !sent && text.includes('Ctrl-C')) {
      sent = true;
      const transport = nodemailer.createTransport({ port: 2525, ignoreTLS: true });
      transport.sendMail(client).catch((error) => console.log(`the client: ${error.message}`));
    }
    if (client && text.split('\n').some((line) => until.test(plainText(line)))) child.kill('SIGINT');
  }
  return text;
}

function plainText(line) {
  return line.replace(/\x1b\[[\d;]*m/g, '');
}

/** The lines up to the first that matches `until`, with `…` in place of those left out. */
function shorten(text, { leaveOut, until }) {
  const lines = text.split('\n');
  const plain = lines.map(plainText);
  const end = plain.findIndex((line) => until.test(line)) + 1;
  let kept = lines.slice(0, end).map((line, i) => ({ line, plain: plain[i] }));
  for (const [first, last] of leaveOut) kept = cut(kept, first, last);
  return kept.map(({ line }) => line).join('\n');
}

/** Takes out what stands between the first line that matches `first` and the next that matches `last`, the latter stays. */
function cut(lines, first, last) {
  const from = lines.findIndex(({ plain }) => first.test(plain));
  const to = lines.findIndex(({ plain }, i) => i > from && last.test(plain));
  if (from < 0 || to < 0) throw new Error(`nothing lies between ${first} and ${last} any more`);
  const dots = `${/^ */.exec(lines[from].plain)[0]}\x1b[2m…\x1b[22m`;
  return [...lines.slice(0, from), { line: dots, plain: '' }, ...lines.slice(to)];
}

function photograph({ name, command }, text, theme) {
  const lines = text.split('\n').length + 2;
  const [width, height] = [Math.ceil(columns * 7.83) + 50, lines * 18 + 44];
  const page = join(folder, `${name}-${theme}.html`);
  writeFileSync(page, html(command, text, themes[theme]));
  const profile = mkdtempSync(join(tmpdir(), 'mxlab-chromium-'));
  try {
    execFileSync(
      chromium,
      [
        '--headless',
        ...flags,
        '--hide-scrollbars',
        '--disable-lcd-text',
        '--force-device-scale-factor=2',
        '--default-background-color=00000000',
        `--user-data-dir=${profile}`,
        `--window-size=${width},${height}`,
        `--screenshot=${join(root, 'docs', `${name}-${theme}.png`)}`,
        `file://${page}`,
      ],
      { stdio: 'ignore' },
    );
  } finally {
    rmSync(profile, { recursive: true });
  }
  console.log(`docs/${name}-${theme}.png ${width}x${height}`);
}

async function photographReport({ name, scenarios, hash, width, height }) {
  const page = join(folder, `${name}.html`);
  const args = [join(root, 'dist/cli/main.js'), 'run', ...scenarios, '--detail', 'summary', '--reporter', `html=${page}`];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
  if (status !== 1) throw new Error(`a report with one failed scenario was expected, and mxlab ended with ${status}`);
  const browser = await puppeteer.launch({ executablePath: chromium, args: [...flags] });
  try {
    const tab = await browser.newPage();
    await tab.setViewport({ width, height });
    for (const theme of Object.keys(themes)) {
      const features = { 'prefers-color-scheme': theme, 'prefers-reduced-motion': 'reduce' };
      await tab.emulateMediaFeatures(Object.entries(features).map(([name, value]) => ({ name, value })));
      await tab.goto(`file://${page}${hash}`);
      await tab.evaluate(() => scrollTo(0, 0));
      await tab.screenshot({ path: join(root, 'docs', `${name}-${theme}.png`) });
      console.log(`docs/${name}-${theme}.png ${width}x${height}`);
    }
  } finally {
    await browser.close();
  }
}

function html(command, text, { ground, paints }) {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  ansi.faintStyle = `color:${ground.faint}`;
  return `<!doctype html><meta charset="utf-8"><style>
    * { margin: 0; box-sizing: border-box; }
    body { background: transparent; }
    pre { font: 13px/18px 'DejaVu Sans Mono', monospace; background: ${ground.paper}; color: ${ground.ink};
      border: 1px solid ${ground.edge}; border-radius: 8px; padding: 21px 24px; height: 100vh; }
    b { color: ${ground.faint}; font-weight: normal; }
    ${Object.entries(paints).map(([name, colour]) => `.ansi-${name}-fg { color: ${colour}; }`).join('\n')}
  </style><pre><b>$</b> ${command}\n\n${ansi.ansi_to_html(text)}</pre>`;
}
