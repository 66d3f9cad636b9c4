import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { JwtService } from '@nestjs/jwt';
import type { DataSource } from 'typeorm';
import { newId } from '../common/ids.js';
import { developmentSecret } from '../config/development-secret.js';
import { readSettings, type Settings, SettingsError } from '../config/settings.js';
import { databaseStartFault, DataFolderInUseError, inTransaction, migrate, openDataSource } from '../database/index.js';
import { migrations } from '../database/migrations/index.js';
import { AccessTokens, hashPassword, tokenKey } from '../modules/auth/index.js';

const usage = 'Usage: npm run seed -- --users N --rooms M --messages K [--tokens FILE]';

/** Tokens of seeded people are good for a day, in seconds. */
const tokenLife = 86_400;
const chunk = 5_000;

interface Plan {
  users: number;
  rooms: number;
  messages: number;
  tokens: string | undefined;
}

interface SeededUser {
  id: string;
  username: string;
  sessionId: string;
}

/** Fills a database for demos, tests and load generators: people `u1…uN`, public rooms `r1…rM`, everybody a member of all, messages in turn. */
async function seed(plan: Plan, settings: Settings): Promise<string> {
  const source = await openDataSource({ databaseUrl: settings.databaseUrl, dataDir: settings.dataDir }, { entities: [], migrations });
  try {
    await migrate(source);
    const password = randomBytes(12).toString('base64url');
    const users = await insertUsers(source, plan.users, await hashPassword(password));
    const rooms = await insertRooms(source, plan.rooms, users);
    await insertMessages(source, plan.messages, rooms, users);
    await source.query('ANALYZE');
    if (plan.tokens !== undefined) await writeTokens(plan.tokens, users, settings);
    return `${users.length} people (u1…, password ${password}), ${rooms.length} rooms, ${plan.messages} messages${plan.tokens ? `; tokens in ${plan.tokens}` : ''}.`;
  } finally {
    await source.destroy();
  }
}

async function insertUsers(source: DataSource, count: number, passwordHash: string): Promise<SeededUser[]> {
  const now = new Date();
  const expires = new Date(now.getTime() + tokenLife * 1_000);
  for (let from = 1; from <= count; from += chunk) {
    const batch = Array.from({ length: Math.min(chunk, count - from + 1) }, (_, index) => `u${from + index}`);
    await inTransaction(source, async (manager) => {
      await manager.query(
        `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, created_at, activated_at)
         SELECT id, name || '@example.org', name || '@example.org', name, name, $3, 'active', $4, $4
         FROM unnest($1::uuid[], $2::text[]) AS u(id, name) ON CONFLICT DO NOTHING`,
        [batch.map(() => newId()), batch, passwordHash, now],
      );
      await manager.query(
        `INSERT INTO sessions (id, user_id, user_agent, created_at, last_used_at, expires_at)
         SELECT s.id, u.id, 'seed', $3, $3, $4 FROM unnest($1::uuid[], $2::text[]) AS s(id, name) JOIN users u ON u.username_key = s.name`,
        [batch.map(() => newId()), batch, now, expires],
      );
    });
  }
  const rows = await source.query<{ id: string; username: string; session_id: string }[]>(
    `SELECT DISTINCT ON (u.id) u.id, u.username, s.id AS session_id FROM unnest($1::text[]) AS n(name)
     JOIN users u ON u.username_key = n.name JOIN sessions s ON s.user_id = u.id AND s.user_agent = 'seed' ORDER BY u.id, s.created_at DESC`,
    [Array.from({ length: count }, (_, index) => `u${index + 1}`)],
  );
  const users = rows.map((row) => ({ id: row.id, username: row.username, sessionId: row.session_id }));
  return users.sort((a, b) => Number(a.username.slice(1)) - Number(b.username.slice(1)));
}

async function insertRooms(source: DataSource, count: number, users: readonly SeededUser[]): Promise<string[]> {
  const now = new Date();
  const names = Array.from({ length: count }, (_, index) => `r${index + 1}`);
  await source.query(
    `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, created_at)
     SELECT id, name, name, name, 'public', gen_random_uuid()::text, $3, $3 FROM unnest($1::uuid[], $2::text[]) AS r(id, name) ON CONFLICT DO NOTHING`,
    [names.map(() => newId()), names, now],
  );
  const rooms = await source.query<{ id: string }[]>(
    'SELECT r.id FROM unnest($1::text[]) WITH ORDINALITY AS n(name, ord) JOIN rooms r ON r.name_key = n.name ORDER BY n.ord',
    [names],
  );
  for (const room of rooms) {
    for (let from = 0; from < users.length; from += chunk) {
      await source.query(
        `INSERT INTO room_members (room_id, user_id, role, joined_at) SELECT $1, id, 'member', $3 FROM unnest($2::uuid[]) AS u(id) ON CONFLICT DO NOTHING`,
        [room.id, users.slice(from, from + chunk).map((user) => user.id), now],
      );
    }
    await source.query('UPDATE rooms SET member_count = (SELECT count(*) FROM room_members WHERE room_id = $1) WHERE id = $1', [room.id]);
  }
  return rooms.map((room) => room.id);
}

/** Messages go to the rooms in turn, written by the people in turn; each statement numbers its rows under the rooms' locks. */
async function insertMessages(source: DataSource, count: number, rooms: readonly string[], users: readonly SeededUser[]): Promise<void> {
  if (count > 0 && (rooms.length === 0 || users.length === 0))
    throw new Error('Messages need rooms and people: give --rooms and --users too.');
  for (let from = 0; from < count; from += chunk) {
    const numbers = Array.from({ length: Math.min(chunk, count - from) }, (_, index) => from + index);
    await source.query(
      `WITH input AS (
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[]) AS i(id, room_id, author_id, content, ord)
       ), locked AS MATERIALIZED (
         SELECT id, last_seq, position FROM rooms WHERE id IN (SELECT room_id FROM input) ORDER BY id FOR UPDATE
       ), counted AS (
         UPDATE rooms r SET last_seq = r.last_seq + c.n, position = r.position + c.n, last_activity_at = now()
         FROM (SELECT room_id, count(*) AS n FROM input GROUP BY room_id) c WHERE r.id = c.room_id
       )
       INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, created_at)
       SELECT i.id, i.room_id, l.last_seq + row_number() OVER w, l.position + row_number() OVER w, l.position + row_number() OVER w, 'text', i.author_id, i.content, now()
       FROM input i JOIN locked l ON l.id = i.room_id WINDOW w AS (PARTITION BY i.room_id ORDER BY i.ord)`,
      [
        numbers.map(() => newId()),
        numbers.map((number) => rooms[number % rooms.length]),
        numbers.map((number) => users[number % users.length]!.id),
        numbers.map((number) => `Message ${number + 1} of the seed`),
        numbers,
      ],
    );
  }
}

async function writeTokens(file: string, users: readonly SeededUser[], settings: Settings): Promise<void> {
  const tokens = new AccessTokens(new JwtService({ secret: tokenKey(settings) as unknown as Buffer }), settings);
  const lines = await Promise.all(
    users.map(async ({ id, username, sessionId }) => ({
      id,
      username,
      token: await tokens.sign({ userId: id, sessionId, ttlSeconds: tokenLife }),
    })),
  );
  writeFileSync(file, `${JSON.stringify(lines)}\n`, { mode: 0o600 });
}

function readPlan(): Plan | null {
  try {
    const { values } = parseArgs({
      options: { users: { type: 'string' }, rooms: { type: 'string' }, messages: { type: 'string' }, tokens: { type: 'string' } },
    });
    const number = (text: string | undefined) => (text === undefined ? 0 : /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN);
    const plan = { users: number(values.users), rooms: number(values.rooms), messages: number(values.messages), tokens: values.tokens };
    return Number.isNaN(plan.users + plan.rooms + plan.messages) || plan.users + plan.rooms === 0 ? null : plan;
  } catch {
    return null;
  }
}

const plan = readPlan();
if (!plan) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    const settings = readSettings(process.env, developmentSecret);
    if (settings.nodeEnv === 'production') throw new Error('Seed data is for development: this is NODE_ENV=production.');
    const begun = Date.now();
    const summary = await seed(plan, settings);
    console.log(`Seeded in ${(Date.now() - begun) / 1_000} s: ${summary}`);
  } catch (error) {
    const inWords = error instanceof SettingsError || error instanceof DataFolderInUseError;
    console.error(inWords ? error.message : (databaseStartFault(error, process.env['DATABASE_URL']) ?? error));
    process.exitCode = 1;
  }
}
