import { z } from 'zod';
import { entriesOf } from './entries.ts';

/**
 * The JSON Schema (draft 7, which every editor's YAML support reads) of a file as a person writes it.
 * @throws when a part of the schema cannot be said in JSON Schema, such as a transform without an input type
 */
export function jsonSchemaOf(schema: z.ZodType, title: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return { $schema, title, ...rest };
}

/** `{name}`, wherever it stands in a text. */
const placeholder = { type: 'string', pattern: '\\{[a-z][a-z0-9-]*\\}' };

/** The same for a file in which a `{name}` may stand for any value, but not below the keys `except` at its top. */
export function fillableSchemaOf(
  schema: z.ZodType,
  title: string,
  except: readonly string[],
): Record<string, unknown> {
  const { properties, definitions, ...top } = jsonSchemaOf(schema, title);
  const own = Object.entries(entriesOf(properties)).map(([key, value]) => [
    key,
    except.includes(key) ? value : fillable(value),
  ]);
  return {
    ...top,
    properties: Object.fromEntries(own),
    ...(definitions === undefined ? {} : { definitions: eachFillable(definitions) }),
  };
}

/** Lets a placeholder stand wherever not every text may. */
function fillable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(fillable);
  const { properties, items, additionalProperties, anyOf, oneOf, allOf, ...rest } = entriesOf(node);
  const below = { items, additionalProperties, anyOf, oneOf, allOf };
  const deeper = {
    ...rest,
    ...(properties === undefined ? {} : { properties: eachFillable(properties) }),
    ...Object.fromEntries(
      Object.entries(below)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, typeof value === 'boolean' ? value : fillable(value)]),
    ),
  };
  return isPicky(rest) ? { anyOf: [deeper, placeholder] } : deeper;
}

function eachFillable(nodes: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entriesOf(nodes)).map(([key, node]) => [key, fillable(node)]));
}

/** Whether a value is asked for that not every text is: a number, one of a few words, or a text of some shape. */
function isPicky({ type, enum: words, const: word, pattern, format }: Record<string, unknown>): boolean {
  const scalar = type === 'number' || type === 'integer' || type === 'boolean';
  return scalar || [words, word, pattern, format].some((asked) => asked !== undefined);
}
