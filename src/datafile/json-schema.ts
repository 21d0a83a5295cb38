import { z } from 'zod';

/**
 * The JSON Schema (draft 7, which every editor's YAML support reads) of a file as a person writes it.
 * @throws when a part of the schema cannot be said in JSON Schema, such as a transform without an input type
 */
export function jsonSchemaOf(schema: z.ZodType, title: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return { $schema, title, ...rest };
}
