import type { Settings } from '../../config/settings.js';
import { apiPrefix, type Endpoint, type EndpointName, endpoints, type MultipartForm } from '../../contracts/index.js';
import { bodyExamples, exampleOf } from './examples.js';
import { SchemaCollector } from './json-schema.js';

interface Script {
  listen: 'test' | 'prerequest';
  script: { type: 'text/javascript'; exec: string[] };
}

export interface PostmanRequest {
  method: string;
  header: { key: string; value: string }[];
  auth?: { type: string; bearer?: { key: string; value: string; type: string }[] };
  body?:
    | { mode: 'raw'; raw: string; options: { raw: { language: 'json' } } }
    | {
        mode: 'formdata';
        formdata: ({ key: string; type: 'file'; src: [] } | { key: string; type: 'text'; value: string; disabled: true })[];
      };
  url: {
    raw: string;
    host: string[];
    path: string[];
    query?: { key: string; value: string; disabled?: boolean; description?: string }[];
    variable?: { key: string; value: string; description?: string }[];
  };
  description?: string;
}

export interface PostmanItem {
  name: string;
  request: PostmanRequest;
  event?: Script[];
}

export interface PostmanFolder {
  name: string;
  description?: string;
  item: PostmanItem[];
}

export interface PostmanCollection {
  info: { name: string; description: string; schema: string };
  auth: NonNullable<PostmanRequest['auth']>;
  variable: { key: string; value: string; type: 'string' }[];
  item: PostmanFolder[];
}

/** Stands for an id that is to be filled in: well-formed, and nobody's. */
const exampleId = '00000000-0000-7000-8000-000000000000';

const bearer: NonNullable<PostmanRequest['auth']> = { type: 'bearer', bearer: [{ key: 'token', value: '{{access}}', type: 'string' }] };

/** The REST interface as a Postman collection (v2.1): the way in first, ready to be run from top to bottom, then every call by its tag. */
export function postmanCollection(settings: Pick<Settings, 'publicUrl'>): PostmanCollection {
  const shapes = new SchemaCollector();
  const byTag = new Map<string, PostmanItem[]>();
  for (const [name, definition] of Object.entries(endpoints) as [EndpointName, Endpoint][]) {
    byTag.set(definition.tag, [...(byTag.get(definition.tag) ?? []), ...callItems(name, definition, shapes)]);
  }
  const variables = {
    baseUrl: settings.publicUrl,
    email: 'ada@example.org',
    username: 'ada',
    password: 'four plain words 42',
    code: '',
    access: '',
    refresh: '',
  };
  return {
    info: {
      name: 'Parley',
      description:
        'Run the folder "Sign-up flow" from top to bottom on a development server: it registers, reads the code from the development ' +
        'mailbox, and keeps the tokens in the variables that all other requests use.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: bearer,
    variable: Object.entries(variables).map(([key, value]) => ({ key, value, type: 'string' as const })),
    item: [signUpFlow(), ...[...byTag].map(([name, item]) => ({ name, item }))],
  };
}

/** Each step checks its answer and keeps what the next ones need. */
function signUpFlow(): PostmanFolder {
  const keepTokens = [
    "pm.collectionVariables.set('access', pm.response.json().access);",
    "pm.collectionVariables.set('refresh', pm.response.json().refresh);",
  ];
  return {
    name: 'Sign-up flow',
    description: 'From nobody to a first message. Change `email` and `username` to run it again as somebody else.',
    item: [
      step('1. Register', 'auth.register', {
        body: { email: '{{email}}', username: '{{username}}', password: '{{password}}', passwordConfirmation: '{{password}}' },
      }),
      {
        name: '2. Read the code from the development mailbox',
        request: {
          method: 'GET',
          header: [{ key: 'Accept', value: 'application/json' }],
          auth: { type: 'noauth' },
          url: { ...address('/dev/mail.json'), raw: '{{baseUrl}}/dev/mail.json?to={{email}}', query: [{ key: 'to', value: '{{email}}' }] },
          description:
            'Only on a development server without SMTP_URL, from the same machine. Elsewhere put the code of the mail into `code`.',
        },
        event: [
          test(200, [
            'const mail = pm.response.json().find((one) => one.code);',
            "pm.test('a mail with a code arrived', () => pm.expect(mail).to.be.an('object'));",
            "pm.collectionVariables.set('code', mail.code);",
          ]),
        ],
      },
      step('3. Activate', 'auth.activate', { body: { email: '{{email}}', code: '{{code}}' } }),
      step('4. Log in', 'auth.login', { body: { login: '{{email}}', password: '{{password}}' }, keep: keepTokens }),
      step('5. Who am I', 'users.me'),
      step('6. Enter the lobby', 'rooms.join', { params: { room: 'lobby' } }),
      step('7. Say something', 'messages.send', { params: { room: 'lobby' }, body: { content: 'Hello from Postman!' } }),
      step('8. Read the room', 'messages.list', { params: { room: 'lobby' } }),
      step('9. Refresh the tokens', 'auth.refresh', { body: { refresh: '{{refresh}}' }, keep: keepTokens }),
      step('10. Log out', 'auth.logout', { body: { refresh: '{{refresh}}' } }),
    ],
  };
}

interface Step {
  params?: Record<string, string>;
  body?: Record<string, unknown>;
  /** Further lines of the step's test script. */
  keep?: string[];
}

function step(title: string, name: EndpointName, { params = {}, body, keep = [] }: Step = {}): PostmanItem {
  const definition: Endpoint = endpoints[name];
  const url = address(apiPrefix + definition.path);
  const variable = url.variable?.map((one) => ({ ...one, value: params[one.key] ?? one.value }));
  return {
    name: title,
    request: { ...request(definition, body), url: { ...url, ...(variable ? { variable } : {}) } },
    event: [test(definition.status, keep)],
  };
}

/** The call, and once more as a form where its body may be either. */
function callItems(name: EndpointName, definition: Endpoint, shapes: SchemaCollector): PostmanItem[] {
  const item = callItem(name, definition, shapes);
  if (!definition.multipart) return [item];
  const { header, ...rest } = item.request;
  // Postman says itself what kind of form it is, because only it knows the boundary.
  const request = { ...rest, header: header.filter(({ key }) => key !== 'Content-Type'), body: formOf(definition.multipart, shapes) };
  return definition.body ? [item, { name: `${item.name} (with the file, as a form)`, request }] : [{ ...item, request }];
}

/** One chooses the file in Postman; the texts are there to be switched on. */
function formOf({ file, fields }: MultipartForm, shapes: SchemaCollector): NonNullable<PostmanRequest['body']> {
  const texts = Object.entries(shapes.resolve(shapes.schema(fields, 'input')).properties ?? {});
  return {
    mode: 'formdata',
    formdata: [
      { key: file, type: 'file', src: [] },
      ...texts.map(([key, schema]) => ({
        key,
        type: 'text' as const,
        value: String(exampleOf(schema, shapes, key)),
        disabled: true as const,
      })),
    ],
  };
}

function callItem(name: EndpointName, definition: Endpoint, shapes: SchemaCollector): PostmanItem {
  const written = bodyExamples[name];
  const body = definition.body
    ? written
      ? Object.values(written)[0]
      : exampleOf(shapes.schema(definition.body, 'input'), shapes)
    : undefined;
  const url = address(apiPrefix + definition.path);
  const properties = definition.query ? (shapes.resolve(shapes.schema(definition.query, 'input')).properties ?? {}) : {};
  const query = Object.entries(properties).map(([key, schema]) => ({
    key,
    value: String(exampleOf(schema, shapes, key)),
    disabled: true,
    ...(schema.description ? { description: schema.description } : {}),
  }));
  return {
    name: definition.summary,
    request: {
      ...request(definition, withVariables(name, body)),
      url: { ...url, ...(query.length > 0 ? { query } : {}) },
      description: [definition.description, `Name in the documentation: ${name}.`].filter(Boolean).join('\n\n'),
    },
  };
}

/** The calls that carry one's own credentials take them from the variables. */
function withVariables(name: EndpointName, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const own: Record<string, string> = {
    refresh: '{{refresh}}',
    email: '{{email}}',
    code: '{{code}}',
    password: '{{password}}',
    passwordConfirmation: '{{password}}',
    login: '{{email}}',
    username: '{{username}}',
  };
  if (!name.startsWith('auth.')) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]: [string, unknown]) => [key, own[key] ?? value]));
}

function request(definition: Endpoint, body: unknown): Omit<PostmanRequest, 'url'> {
  return {
    method: definition.method,
    header: [
      { key: 'Accept', value: 'application/json' },
      ...(body === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }]),
    ],
    ...(definition.access === 'public' ? { auth: { type: 'noauth' } } : {}),
    ...(body === undefined
      ? {}
      : { body: { mode: 'raw' as const, raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' as const } } } }),
  };
}

function address(path: string): PostmanRequest['url'] {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  return {
    raw: `{{baseUrl}}${path}`,
    host: ['{{baseUrl}}'],
    path: path.split('/').slice(1),
    ...(names.length > 0 ? { variable: names.map((key) => ({ key, value: key === 'room' ? 'lobby' : exampleId })) } : {}),
  };
}

function test(status: number, more: string[]): Script {
  return {
    listen: 'test',
    script: { type: 'text/javascript', exec: [`pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`, ...more] },
  };
}
