import type { EndpointName } from '../../contracts/index.js';
import type { JsonSchema, SchemaCollector } from './json-schema.js';

const uuid = '019a8f3e-7c41-7d02-9b5a-3f6c2e81d704';
const time = '2026-11-21T09:30:00.000Z';
// Long enough to look right, and plainly no secret.
const opaque = 'an-opaque-token-of-43-characters-as-sent';

/** What stands for a field in examples, by its name; used only where it fits the field's schema. */
const byName: Readonly<Record<string, unknown>> = {
  access: 'eyJhbGciOiJIUzI1NiJ9.eyJleGFtcGxlIjp0cnVlfQ.c2lnbmF0dXJl',
  at: time,
  about: 'I count on engines.',
  author_first_name: 'Ada',
  author_avatar_url: null,
  avatarUrl: null,
  birthDate: '1990-12-10',
  clientId: '7f3a-0001',
  close: 4401,
  code: '123456',
  content: 'Hello, everybody!',
  count: 7,
  currentPassword: 'four plain words 42',
  cursor: 'an-opaque-cursor',
  displayName: 'Ada Lovelace',
  email: 'ada@example.org',
  emoji: '👍',
  epoch: 'e1k7Qz',
  event: 'room.join',
  expiresAt: time,
  expiresIn: 900,
  field: 'email',
  firstName: 'Ada',
  from: '22:00',
  image_url: null,
  ip: '192.0.2.10',
  kind: 'text',
  lastName: 'Lovelace',
  limit: 50,
  link: 'https://example.org/river',
  links: ['https://example.org/map'],
  login: 'ada',
  members: ['grace'],
  message: 'Hello, everybody!',
  name: 'reading-club',
  nextCursor: null,
  nextAfter: null,
  nextBefore: 31,
  online: [{ id: uuid, username: 'grace' }],
  onlineCount: 1,
  password: 'four plain words 42',
  passwordConfirmation: 'four plain words 42',
  position: 57,
  query: 'read',
  refresh: opaque,
  room: 'lobby',
  seq: 42,
  tags: ['nature'],
  ticket: opaque,
  timeZone: 'Europe/London',
  timestamp: '09:30:00',
  title: 'Reading club',
  to: 'grace',
  token: opaque,
  until: '07:00',
  user: 'ada',
  userAgent: 'Mozilla/5.0',
  username: 'ada',
  users: ['grace', 'linus'],
  website: 'https://example.org',
};

/** Fields that most answers do not have: left out of examples where they are optional. */
const seldom = new Set([
  'editedAt',
  'deletedAt',
  'replyTo',
  'changes',
  'peer',
  'errors',
  'retryAfter',
  'close',
  'startup',
  'investor',
  'since',
  'epoch',
]);

/** Bodies where the fields hang together in a way that only a person can guess. */
export const bodyExamples: { [N in EndpointName]?: Readonly<Record<string, unknown>> } = {
  'auth.register': {
    member: {
      email: 'ada@example.org',
      username: 'ada',
      password: 'four plain words 42',
      passwordConfirmation: 'four plain words 42',
      firstName: 'Ada',
      locale: 'en',
    },
    startup: {
      email: 'grace@example.org',
      username: 'grace',
      password: 'four plain words 42',
      passwordConfirmation: 'four plain words 42',
      accountType: 'startup',
      profile: { companyName: 'Compilers Ltd', stage: 'prototype', website: 'https://example.org' },
    },
  },
  'admin.reports.decide': { dismiss: { decision: 'dismiss' }, act: { decision: 'warn', note: 'Please be kind.' } },
  'admin.sanctions.create': { mute: { kind: 'mute', reason: 'Please be kind.' } },
  'auth.activate': { code: { email: 'ada@example.org', code: '123456' }, link: { token: opaque } },
  'auth.login': {
    bearer: { login: 'ada', password: 'four plain words 42' },
    browser: { login: 'ada@example.org', password: 'four plain words 42', cookie: true },
  },
};

/**
 * A value that fits a schema, made of the house's usual names.
 * @param name the field's name, which often says best what stands there
 */
export function exampleOf(schema: JsonSchema, shapes: SchemaCollector, name = ''): unknown {
  const resolved = shapes.resolve(schema);
  const { format, type } = resolved;
  if (resolved['const'] !== undefined) return resolved['const'];
  if (Array.isArray(resolved['enum'])) return (resolved['enum'] as unknown[])[0];
  if (format === 'uuid') return uuid;
  if (format === 'date-time') return time;
  const named = byName[name];
  if (Object.hasOwn(byName, name) && fits(named, resolved)) return named;
  const alternatives = resolved.anyOf ?? resolved.oneOf;
  if (alternatives) return Object.hasOwn(byName, name) && named === null ? null : exampleOf(alternatives[0]!, shapes, name);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return objectExample(resolved, shapes);
    case 'array':
      return resolved.items && resolved['maxItems'] !== 0 ? [exampleOf(resolved.items, shapes, name.replace(/s$/, ''))] : [];
    case 'string':
      return 'text'.padEnd(Number(resolved['minLength'] ?? 0), '.').slice(0, Number(resolved['maxLength'] ?? 64));
    case 'integer':
    case 'number':
      return Math.max(1, Number(resolved['minimum'] ?? 1));
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return {};
  }
}

function objectExample(schema: JsonSchema, shapes: SchemaCollector): Record<string, unknown> {
  const required = new Set(schema.required);
  const result: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    if (required.has(field) || !seldom.has(field)) result[field] = exampleOf(inner, shapes, field);
  }
  return result;
}

/** A shallow check: enough to tell a room's name from a whole room. */
function fits(value: unknown, schema: JsonSchema): boolean {
  const types = [schema.type ?? schema.anyOf?.map((part) => part.type)].flat(2);
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array') && typeof value[0] === (shapeOf(schema.items) ?? 'object');
  if (typeof value === 'number') return types.includes('integer') || types.includes('number');
  return types.includes(typeof value) && !(typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern, 'u').test(value));
}

function shapeOf(schema: JsonSchema | undefined): string | undefined {
  return typeof schema?.type === 'string' ? schema.type : undefined;
}
