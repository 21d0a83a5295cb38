import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';

const ours = new URL('../../fixtures/knowledge/', import.meta.url);
const { explain, reasonOf } = await loadKnowledge();

test('a folder is read once', () => {
  expect(loadKnowledge()).toBe(loadKnowledge());
});

test('a block-listed client is told who, why and what to do', () => {
  const reply = replyFromLines([
    "550 5.7.1 Unfortunately, messages from [203.0.113.7] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
  ]);
  const told = explain(reply, { stage: 'mail', provider: 'outlook' });
  expect(told).toMatchObject({
    reason: 'blocklisted',
    about: 'client',
    code: { code: 550, title: 'Refused, mailbox unavailable' },
    enhanced: { code: '5.7.1', source: 'RFC 3463 3.8' },
    retry: 'never',
    verifier: 'unknown',
    rule: 'rules/provider/microsoft.yaml#network-on-block-list',
    provider: { name: 'microsoft', by: 'name' },
  });
  expect(told.because).toContain('contact your Internet service provider');
  expect(told.adviceFor.validator).toBeDefined();
  expect(told.confidence).toBeGreaterThan(0.9);
});

test('a provider is known by name, by its exchanger or by its words, and says which', () => {
  const by = (line: string, provider?: string) =>
    explain(replyFromLines([line]), provider === undefined ? {} : { provider }).provider;
  expect(by('550 no', 'Gmail')).toMatchObject({ name: 'google', by: 'name' });
  expect(by('550 no', 'gmail-smtp-in.l.google.com.')).toMatchObject({ name: 'google', by: 'host' });
  expect(by('421 4.7.0 Try again later. 5b1f - gsmtp')).toMatchObject({ name: 'google', by: 'words' });
  expect(by('550 no gsmtp', 'mx.example.net')).toBeUndefined();
  expect(by('550 no')).toBeUndefined();
});

test('the enhanced code goes before the number, and exact codes before vague words', () => {
  expect(explain(replyFromLines(['550 5.2.2 xyzzy']), { stage: 'rcpt' })).toMatchObject({
    reason: 'mailbox-full',
    rule: 'enhanced-code',
  });
  expect(explain(replyFromLines(['550 5.1.1 rejected']), { stage: 'rcpt' })).toMatchObject({
    reason: 'user-unknown',
    rule: 'enhanced-code',
  });
  expect(explain(replyFromLines(['503 5.5.0 xyzzy']), { stage: 'rcpt' })).toMatchObject({
    reason: 'protocol-error',
    rule: 'basic-code',
  });
  expect(explain(replyFromLines(['550 5.7.999 xyzzy']), { stage: 'message' })).toMatchObject({
    enhanced: { source: 'RFC 3463 2' },
  });
});

test('a provider may use a code against its registration', () => {
  const line = ['550 5.7.27 xyzzy'];
  expect(reasonOf(replyFromLines(line), { stage: 'message', provider: 'gmail' })).toBe('spf');
  expect(reasonOf(replyFromLines(line), { stage: 'message' })).toBe('null-mx');
});

test('what nobody can know is said to be unknown', () => {
  const told = explain(replyFromLines(['450 Xyzzy']), { stage: 'rcpt' });
  expect(told).toMatchObject({ reason: 'other', verifier: 'retry', rule: 'basic-code' });
  expect(told.confidence).toBeLessThan(0.5);
});

test('a success is one, and speaks of what was asked for', () => {
  expect(explain(replyFromLines(['250 ok dirdel']), { stage: 'message' })).toMatchObject({
    reason: 'accept',
    about: 'message',
  });
  expect(explain(replyFromLines(['250 2.1.5 Ok']), { stage: 'rcpt' })).toMatchObject({
    about: 'recipient',
    verifier: 'deliverable',
  });
  expect(explain(replyFromLines(['252 2.5.2 Send some mail']), { stage: 'rcpt' })).toMatchObject({
    verifier: 'unknown',
  });
  expect(explain(replyFromLines(['354 Go ahead']), { stage: 'data' })).toMatchObject({
    reason: 'accept',
    retry: 'not-needed',
  });
});

test('a 4yz is never final for a recipient', () => {
  const told = explain(replyFromLines(['450 4.1.1 No such user here']), { stage: 'rcpt' });
  expect(told).toMatchObject({ reason: 'user-unknown', verifier: 'retry', retry: 'hours' });
});

test('knowledge with mistakes in it is refused, with every mistake in its place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'knowledge-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(ours, folder, { recursive: true });
  const path = join(folder, 'rules/provider/apple.yaml');
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    text.replace('reason: moved', 'reason: mooved').replace("'unknown or illegal alias'", "'(a+)+'"),
  );
  const failure = await loadKnowledge(pathToFileURL(`${folder}/`)).catch((error: unknown) => String(error));
  expect(failure).toContain('apple.yaml:');
  expect(failure).toContain('reason: mooved');
  expect(failure).toContain('repeats without end');
});
