import pg from 'pg';
import type { Message } from '../../../src/contracts/index.js';
import type { RestClient } from '../../support/rest-client.js';

/** A message as it is stored. */
export interface Row {
  id: string;
  seq: number;
  position: number;
  clientId: string;
  content: string;
}

/** Everything that is stored in a room, by seq, straight from PostgreSQL. */
export async function storedInDatabase(databaseUrl: string, roomId: string): Promise<Row[]> {
  return query<Row>(
    databaseUrl,
    'SELECT id, seq::int, position::int, client_id AS "clientId", content FROM messages WHERE room_id = $1 ORDER BY messages.seq',
    [roomId],
  );
}

/** Runs one statement on a connection of its own. */
export async function query<R extends object>(databaseUrl: string, sql: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<R>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** The same by the history, where nobody else can open the database. @param author of all messages: others are not told the client ids */
export async function storedByHistory(author: RestClient, roomId: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: number | null = 0; after !== null;) {
    const { body, status } = await author.get(`/rooms/${roomId}/messages?limit=100&after=${after}`);
    if (status !== 200) throw new Error(`history: ${status}`);
    const page = body as { items: Message[]; nextAfter: number | null };
    rows.push(...page.items.map(({ id, seq, position, clientId, content }) => ({ id, seq, position, clientId: clientId ?? id, content })));
    after = page.nextAfter;
  }
  return rows;
}
