import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf } from '../../src/datafile/json-schema.ts';
import { durationSchema } from '../../src/datafile/schemas.ts';
import { sampleSchema } from './sample-schema.ts';

describe('a duration in a file', () => {
  test('becomes milliseconds', () => {
    expect(durationSchema.parse('1h30m')).toBe(5_400_000);
    expect(durationSchema.parse('0s')).toBe(0);
  });

  test.each([[30], ['30'], ['soon'], ['-5m'], [''], [null]])('%s is not one', (value) => {
    expect(durationSchema.safeParse(value).error?.issues[0]?.message).toBe(
      'is not a duration like 30s, 15m or 4h',
    );
  });

  test('has an upper bound', () => {
    expect(durationSchema.safeParse('3000d').success).toBe(true);
    expect(durationSchema.safeParse(`${'9'.repeat(400)}d`).error?.issues[0]?.message).toBe(
      'is longer than ten years',
    );
  });
});

describe('the JSON Schema of a file', () => {
  const schema = jsonSchemaOf(
    z.strictObject({ window: durationSchema.default(1000), n: z.int() }),
    'A profile',
  );

  test('speaks of what is written, not of what it becomes', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'A profile',
      type: 'object',
      additionalProperties: false,
      required: ['n'],
      properties: { window: { type: 'string', pattern: expect.stringContaining('ms|s|m|h|d') } },
    });
  });

  test('can be made of unions, records and recursion', () => {
    const { properties } = jsonSchemaOf(sampleSchema, 'sample') as { properties: Record<string, unknown> };
    expect(Object.keys(properties)).toContain('steps');
  });
});
