import { z } from 'zod';
import { errorShape } from './answers.ts';
import { type Route, routes } from './routes.ts';

/** The OpenAPI 3.1 document of the control API. */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mxlab control API',
      version,
      description: 'Steers the simulated hosts of a running mxlab serve.',
    },
    paths,
    security: [{}, { token: [] }],
    components: {
      schemas: { Error: schemaOf(errorShape, 'output') },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Needed where mxlab was started with a token, as it must be off loopback.',
        },
      },
    },
  };
}

function operationOf(route: Route): object {
  const { method, path, summary, query, body } = route;
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: [method, ...path.split('/').map((part) => part.replace(/\W/g, ''))]
      .filter(Boolean)
      .join('-'),
    summary,
    parameters: [...named, ...(query ? queryParameters(query) : [])],
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }
      : {}),
    responses: { ...successOf(route), ...refusalsOf(route) },
  };
}

function successOf({ answer, shape, text = 'application/json' }: Route): object {
  if (!shape) return { 204: { description: 'It is done.' } };
  return { 200: { description: answer, content: { [text]: { schema: schemaOf(shape, 'output') } } } };
}

/** Every refusal is an Error. */
function refusalsOf({ query, body, refuses }: Route): object {
  const said: Readonly<Record<number, string>> = {
    ...(query || body ? { 400: 'The request is not well-formed.' } : {}),
    401: 'The token is missing or wrong.',
    403: 'The Host header does not name this machine, or a browser asks.',
    ...(body ? { 413: 'The body is larger than 16 MiB.', 415: 'The body is not application/json.' } : {}),
    ...refuses,
  };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(
    Object.entries(said).map(([status, description]) => [status, { description, content }]),
  );
}

function schemaOf(
  schema: z.ZodType,
  io: 'input' | 'output' = 'input',
): {
  properties?: Record<string, { description?: string }>;
  required?: string[];
} {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return rest as ReturnType<typeof schemaOf>;
}

function queryParameters(query: z.ZodType): object[] {
  const { properties = {}, required = [] } = schemaOf(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}
