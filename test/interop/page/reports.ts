import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typed } from '../../cli/typed.ts';

/** A claim that does not hold. */
const failing = `scenario: A mailbox that nobody has is put off
about: Postfix knows its mailboxes and says no at once, so this claim fails.
tags: [mailbox]
hosts: { mx1.example.net: postfix }
steps:
  - connect: mx1.example.net
  - ehlo: probe.example.net
  - starttls
  - ehlo: probe.example.net
  - mail: probe@example.net
  - rcpt: no-such-mailbox@example.net
    expect: { reply: 450 4.2.1, reason: greylisted }
  - quit
`;

const cutOff = 'scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml';
const letIn = 'scenarios/greylisting/let-in-on-the-second-try.yaml';

/** The report of a real run of these scenarios: paths, or the text of one. */
export async function reportOf(...scenarios: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-report-'));
  try {
    const paths = scenarios.map((scenario, i) => {
      if (!scenario.includes('\n')) return scenario;
      const file = join(folder, `${i}.yaml`);
      writeFileSync(file, scenario);
      return file;
    });
    const page = join(folder, 'page.html');
    await typed(['run', ...paths, '--detail', 'summary', '--reporter', `html=${page}`]);
    return readFileSync(page, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Five scenarios: one that fails, a greylist with its waits, and Outlook's three ways to hang up. */
export function usualReport(): Promise<string> {
  return reportOf(failing, letIn, cutOff);
}
