import { expect, test } from 'vitest';
import type { HostDialogue, ReceivedMessage } from '../../src/sim/host-dialogue.ts';
import type { TranscriptEvent } from '../../src/transcript/transcript.ts';
import { DialogueLog } from '../../src/world/dialogue-log.ts';

/** A dialogue that knows no more than whether it has ended and was forgotten. */
class Fake {
  readonly events = [];
  readonly messages = [];
  end: HostDialogue['end'];
  forgotten = false;

  open(log: DialogueLog): this {
    log.opened(this as unknown as HostDialogue, () => {
      this.forgotten = true;
    });
    return this;
  }

  say(log: DialogueLog, bytes: number): this {
    const event = { at: 0, tls: false, kind: 'sent', lines: ['x'.repeat(bytes)], bytes } as TranscriptEvent;
    log.said(this as unknown as HostDialogue, event);
    return this;
  }

  receive(log: DialogueLog, bytes: number): this {
    const message = {
      sender: '',
      recipients: [],
      content: Buffer.alloc(bytes),
      bytes,
      accepted: true,
    } as ReceivedMessage;
    log.received(this as unknown as HostDialogue, message);
    return this;
  }

  close(log: DialogueLog): this {
    this.end = { at: 'quit', by: 'host', how: 'closed', unanswered: false };
    log.closed(this as unknown as HostDialogue);
    return this;
  }
}

const mebibyte = 1024 * 1024;

test('a thousand that have ended are kept, and all that last', () => {
  const log = new DialogueLog();
  const lasting = Array.from({ length: 1_500 }, () => new Fake().open(log));
  for (let i = 0; i < 1_500; i++) new Fake().open(log).close(log);
  expect(log.dialogues).toHaveLength(2_500);
  expect(log.ended).toBe(1_500);
  expect(lasting.some(({ forgotten }) => forgotten)).toBe(false);
});

test('the oldest of those that have ended make way when all together are too heavy', () => {
  const log = new DialogueLog();
  const lasting = new Fake().open(log).say(log, mebibyte);
  const ended = Array.from({ length: 8 }, () =>
    new Fake()
      .open(log)
      .receive(log, 10 * mebibyte)
      .close(log),
  );
  expect(log.dialogues).toEqual([lasting, ...ended.slice(-6)]);
  expect(log.ended).toBe(8);
});

test('where none has ended, those that last are forgotten, the oldest first', () => {
  const log = new DialogueLog();
  const fakes = Array.from({ length: 8 }, () => new Fake().open(log));
  for (const fake of fakes) fake.say(log, 10 * mebibyte);
  expect(fakes.map(({ forgotten }) => forgotten)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  fakes[0]?.say(log, 1); // goes on unwritten
  fakes[0]?.close(log);
  expect([log.dialogues.length, log.ended]).toEqual([6, 1]);
});

test('what is cleared weighs nothing any more', () => {
  const log = new DialogueLog();
  new Fake().open(log).say(log, 60 * mebibyte);
  log.clear();
  const fresh = new Fake().open(log).say(log, 60 * mebibyte);
  expect(log.dialogues).toEqual([fresh]);
});

test('listeners hear everything until they stop', () => {
  const log = new DialogueLog();
  const heard: string[] = [];
  const stop = log.listen({
    opened: () => heard.push('opened'),
    said: () => heard.push('said'),
    received: () => heard.push('received'),
    closed: () => heard.push('closed'),
  });
  const fake = new Fake().open(log).say(log, 1).receive(log, 1).close(log);
  stop();
  fake.say(log, 1);
  new Fake().open(log);
  expect(heard).toEqual(['opened', 'said', 'received', 'closed']);
});
