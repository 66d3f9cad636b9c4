import type { Settings } from '../../config/settings.js';
import {
  apiPrefix,
  type Endpoint,
  type EndpointName,
  endpoints,
  errorCatalogue,
  type ErrorCode,
  investorFields,
  type MultipartForm,
  problem,
  startupFields,
} from '../../contracts/index.js';
import { idempotencyExclusions, keepsAnswers } from '../http/idempotency-rules.js';
import { documentedErrors } from './endpoint-errors.js';
import { bodyExamples, exampleOf } from './examples.js';
import { type JsonSchema, SchemaCollector } from './json-schema.js';

export type OpenApiDocument = Record<string, unknown> & {
  openapi: string;
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, JsonSchema> } & Record<string, unknown>;
};

export interface OpenApiOperation extends Record<string, unknown> {
  operationId: string;
  tags: string[];
  parameters?: Record<string, unknown>[];
  requestBody?: { required: boolean; content: Record<string, MediaType> };
  responses: Record<string, { description: string; content?: Record<string, MediaType> } & Record<string, unknown>>;
}

interface MediaType {
  schema: JsonSchema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

/** The REST interface as OpenAPI 3.1, made of the contracts that validate. */
export function openApiDocument(settings: Pick<Settings, 'publicUrl'>): OpenApiDocument {
  const shapes = new SchemaCollector();
  shapes.schema(problem, 'output');
  shapes.components['StartupFields'] = shapes.schema(startupFields, 'input');
  shapes.components['InvestorFields'] = shapes.schema(investorFields, 'input');

  const paths: OpenApiDocument['paths'] = {};
  for (const [name, definition] of Object.entries(endpoints) as [EndpointName, Endpoint][]) {
    const path = apiPrefix + definition.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[definition.method.toLowerCase()] = operation(name, definition, shapes);
  }

  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Accounts and chat over REST; the realtime side is described at `/docs/realtime`.\n\n' +
        'Errors are problem documents (RFC 9457) with a stable word in `code`; all of them are listed at `/docs/errors`. ' +
        'Lists answer `{items, nextCursor}`. Times are ISO 8601 in UTC, ids are UUIDs of version 7.\n\n' +
        'A changing call of a signed-in person may carry an `Idempotency-Key`: sent again within 24 hours it gets the first answer.',
    },
    servers: [{ url: settings.publicUrl }],
    tags: [...new Set((Object.values(endpoints) as Endpoint[]).map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: shapes.components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `access` token of a log-in.' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'parley_session',
          description: 'Set by a log-in with `cookie: true`. Changing calls need an `Origin` that is allowed. A bearer token wins over it.',
        },
      },
    },
  };
}

function operation(name: EndpointName, definition: Endpoint, shapes: SchemaCollector): OpenApiOperation {
  const parameters = [
    ...parametersOf('path', definition.params, shapes),
    ...parametersOf('query', definition.query, shapes),
    ...idempotencyHeader(name),
  ];
  return {
    operationId: name,
    tags: [definition.tag],
    summary: definition.summary,
    ...(definition.description ? { description: definition.description } : {}),
    security: security(definition),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(definition.body || definition.multipart ? { requestBody: requestBody(name, definition, shapes) } : {}),
    responses: { [String(definition.status)]: success(definition, shapes), ...problems(name) },
  };
}

function security({ access }: Endpoint): Record<string, string[]>[] {
  const credentials: Record<string, string[]>[] = [{ bearer: [] }, { cookie: [] }];
  if (access === 'public') return [];
  return access === 'guest' ? [{}, ...credentials] : credentials;
}

function parametersOf(where: 'path' | 'query', type: Endpoint['params'], shapes: SchemaCollector): Record<string, unknown>[] {
  if (!type) return [];
  const schema = shapes.resolve(shapes.schema(type, 'input'));
  return Object.entries(schema.properties ?? {}).map(([field, { description, ...inner }]) => ({
    name: field,
    in: where,
    required: where === 'path' || (schema.required ?? []).includes(field),
    ...(description ? { description } : {}),
    schema: inner,
    ...(where === 'path' ? { example: exampleOf(inner, shapes, field) } : {}),
  }));
}

function idempotencyHeader(name: EndpointName): Record<string, unknown>[] {
  const isClientId = name === 'messages.send';
  if (!keepsAnswers(name) && !(isClientId && idempotencyExclusions.has(name))) return [];
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: isClientId
        ? 'Counts as `clientId`: unique per room and author, for ever.'
        : 'The same request under the same key within 24 hours gets the first answer, with the header `Idempotency-Replayed: true`.',
      schema: { type: 'string', pattern: '^[\\x20-\\x7e]{1,64}$' },
    },
  ];
}

function requestBody(name: EndpointName, definition: Endpoint, shapes: SchemaCollector): OpenApiOperation['requestBody'] {
  const { body, bodyOptional, multipart } = definition;
  const content = {
    ...(body ? { 'application/json': jsonBody(name, body, shapes) } : {}),
    ...(multipart ? { 'multipart/form-data': formBody(multipart, shapes) } : {}),
  };
  return { required: bodyOptional !== true, content };
}

function jsonBody(name: EndpointName, body: NonNullable<Endpoint['body']>, shapes: SchemaCollector): MediaType {
  const schema = shapes.schema(body, 'input');
  const written = bodyExamples[name];
  const examples = written
    ? { examples: Object.fromEntries(Object.entries(written).map(([title, value]) => [title, { value }])) }
    : { example: exampleOf(schema, shapes) };
  return { schema, ...examples };
}

function formBody({ file, fileOptional, fields }: MultipartForm, shapes: SchemaCollector): MediaType {
  const { properties = {}, required = [] } = shapes.resolve(shapes.schema(fields, 'input'));
  return {
    schema: {
      type: 'object',
      properties: { ...properties, [file]: { type: 'string', format: 'binary' } },
      required: [...required, ...(fileOptional ? [] : [file])],
    },
  };
}

function success({ reply, replyTypes, status }: Endpoint, shapes: SchemaCollector): OpenApiOperation['responses'][string] {
  const description = { 200: 'Done', 201: 'Made', 202: 'Accepted', 204: 'Done; there is nothing to say' }[status];
  if (replyTypes) return { description, content: Object.fromEntries(replyTypes.map((type) => [type, { schema: {} }])) };
  if (!reply) return { description };
  const schema = shapes.schema(reply, 'output');
  return { description, content: { 'application/json': { schema, example: exampleOf(schema, shapes) } } };
}

/** One response per status, with the codes that it may carry. */
function problems(name: EndpointName): OpenApiOperation['responses'] {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of documentedErrors(name)) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => [String(status), problemResponse(status, codes)]),
  );
}

function problemResponse(status: number, codes: ErrorCode[]): OpenApiOperation['responses'][string] {
  const first = codes[0]!;
  const example = {
    type: 'about:blank',
    title: problemTitle(status),
    status,
    code: first,
    detail: errorCatalogue[first].message,
    ...(first === 'request.invalid' ? { errors: [{ field: 'email', code: 'required', message: 'is required' }] } : {}),
  };
  const schema: JsonSchema = { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] };
  const retry = { 'Retry-After': { description: 'Seconds until the call may succeed.', schema: { type: 'integer', minimum: 1 } } };
  return {
    description: codes.map((code) => `- \`${code}\`: ${errorCatalogue[code].message}`).join('\n'),
    ...(status === 429 || status === 503 ? { headers: retry } : {}),
    content: { 'application/problem+json': { schema, example } },
  };
}

function problemTitle(status: number): string {
  return { 401: 'Authentication required', 404: 'Not found', 422: 'Invalid request', 429: 'Too many requests' }[status] ?? 'Error';
}
