import type { FileStorage } from '../../../platform/storage/index.js';
import { exportKeys } from '../exports/export-store.js';

interface Database {
  query<T>(sql: string, parameters?: unknown[]): Promise<T>;
}

/** Keys that are looked up together. */
const batch = 1_000;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** Objects of the storage that nothing in the database knows: what an erasure, or a crash before it, would have left behind. */
export async function findStrayObjects(database: Database, storage: Pick<FileStorage, 'list'>): Promise<string[]> {
  const strays: string[] = [];
  let keys: string[] = [];
  const look = async () => {
    const known = await knownIds(database, keys);
    strays.push(...keys.filter((key) => !known.has(`${tableOf(key)} ${idOf(key)}`)));
    keys = [];
  };
  for await (const key of storage.list()) {
    keys.push(key);
    if (keys.length === batch) await look();
  }
  await look();
  return strays;
}

async function knownIds(database: Database, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const table of ['files', 'data_exports'] as const) {
    const ids = keys.filter((key) => tableOf(key) === table).flatMap((key) => idOf(key) ?? []);
    if (ids.length === 0) continue;
    const rows = await database.query<{ id: string }[]>(`SELECT id FROM ${table} WHERE id = ANY($1::uuid[])`, [ids]);
    for (const { id } of rows) known.add(`${table} ${id}`);
  }
  return known;
}

function tableOf(key: string): 'files' | 'data_exports' {
  return key.startsWith(exportKeys) ? 'data_exports' : 'files';
}

function idOf(key: string): string | undefined {
  return uuid.exec(key)?.[0];
}
