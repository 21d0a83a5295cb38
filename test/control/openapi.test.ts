import { expect, test } from 'vitest';
import { openApiDocument } from '../../src/control/openapi.ts';
import { routes } from '../../src/control/routes.ts';
import { ask, steered } from './asking.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Record<string, { readonly schema: { readonly type?: string } }>;
  };
  readonly responses: Record<
    string,
    {
      readonly description: string;
      readonly content?: Record<
        string,
        { readonly schema: { readonly type?: string; readonly $ref?: string } }
      >;
    }
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: Record<string, string>;
  readonly paths: Record<string, Record<string, Operation>>;
}

const document = openApiDocument('1.2.3') as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('it is what the server gives out, and it is JSON', async () => {
  const answer = await ask(await steered({ version: '1.2.3' }), 'GET', '/openapi.json');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)));
});

test('it has a head', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toEqual({
    title: expect.any(String),
    version: '1.2.3',
    description: expect.any(String),
  });
});

test('it names every route and no other', () => {
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
    routes.map(({ method, path }) => `${method} ${path}`).sort(),
  );
});

test('every operation has a name of its own', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(operations.length);
  expect(names.every((name) => /^[a-z][a-z-]*$/i.test(name))).toBe(true);
});

test.each(operations)('$method $path is well-formed', ({ method, path, operation }) => {
  expect(path).toMatch(/^\/[\w/.{}]+$/);
  expect(['get', 'post', 'put', 'delete']).toContain(method);
  expect(operation.summary).not.toBe('');
  const braces = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  expect(inPath.map(({ name }) => name)).toEqual(braces);
  expect(inPath.every(({ required }) => required)).toBe(true);
  for (const parameter of operation.parameters) {
    expect(['path', 'query']).toContain(parameter.in);
    expect(parameter.schema).toEqual(expect.objectContaining({ type: expect.any(String) }));
  }
  if (method === 'get' || method === 'delete') expect(operation.requestBody).toBeUndefined();
  for (const { schema } of Object.values(operation.requestBody?.content ?? {}))
    expect(schema.type).toBe('object');
  expect(Object.keys(operation.responses).every((code) => /^[2-5]\d\d$/.test(code))).toBe(true);
  expect(Object.keys(operation.responses).filter((code) => code.startsWith('2'))).toHaveLength(1);
  for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('');
});

test.each(operations)(
  '$method $path describes what it answers and what it refuses',
  ({ path, operation }) => {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const schemas = Object.values(content ?? {}).map(({ schema }) => schema);
      if (status === '204') expect(schemas).toEqual([]);
      else if (status === '200')
        expect(schemas).toEqual([expect.objectContaining({ type: expect.any(String) })]);
      else expect(schemas).toEqual([{ $ref: '#/components/schemas/Error' }]);
    }
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403']));
    expect('404' in operation.responses).toBe(
      path.includes('{') || ['/dialogues', '/messages'].includes(path),
    );
  },
);

test('waiting in vain is documented', () => {
  expect(Object.keys(document.paths['/dialogues/wait']?.get?.responses ?? {})).toContain('504');
});

test('bodies say what may stand in them', () => {
  const fault =
    document.paths['/hosts/{host}/faults']?.post?.requestBody?.content['application/json']?.schema;
  expect(fault).toMatchObject({
    type: 'object',
    required: ['at'],
    properties: {
      at: { enum: expect.arrayContaining(['rcpt', 'message']) },
      how: { enum: ['close', 'reset', 'silence'] },
    },
  });
});
