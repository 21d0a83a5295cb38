import { z } from 'zod';
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
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Needed where the API is bound to an address that is not loopback.',
        },
      },
    },
  };
}

function operationOf({
  method,
  path,
  summary,
  query,
  body,
  answer,
  text = 'application/json',
}: Route): object {
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
    responses: {
      ...(answer === 'nothing'
        ? { 204: { description: 'It is done.' } }
        : { 200: { description: answer, content: { [text]: {} } } }),
      400: { description: 'The request is not well-formed; `error` says where.' },
      404: { description: 'There is no such host.' },
    },
  };
}

function schemaOf(schema: z.ZodType): {
  properties?: Record<string, { description?: string }>;
  required?: string[];
} {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
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
