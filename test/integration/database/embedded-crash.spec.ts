import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDataSource } from '../../../src/database/data-source.js';
import { freshDataFolder } from '../../support/database-templates.js';
import { CompiledDatabase } from './support/child.js';

// Says "saved <n>" only after the row of n was acknowledged; 16 writers at once, single statements and transactions.
const writer = `
import { openDataSource } from './src/database/data-source.js';
const source = await openDataSource({ dataDir: process.argv[2] }).catch((error) => { console.log('refused ' + error.message); process.exit(3); });
await source.query('CREATE TABLE IF NOT EXISTS saved (n text PRIMARY KEY, filler text)');
console.log('ready ' + (await source.query('SELECT count(*) FROM saved'))[0].count);
let n = 0;
const filler = 'x'.repeat(500);
await Promise.all(Array.from({ length: 16 }, async (_, w) => {
  for (;;) {
    const id = process.pid + ':' + (n += 1);
    if (w % 2) await source.query('INSERT INTO saved VALUES ($1, $2)', [id, filler]);
    else await source.transaction(async (manager) => {
      await manager.query('INSERT INTO saved VALUES ($1, $2)', [id, filler]);
      await manager.query('UPDATE saved SET filler = filler WHERE n = $1', [id]);
    });
    process.stdout.write('saved ' + id + '\\n');
  }
}));
`;

describe('the embedded database after a crash', () => {
  let compiled: CompiledDatabase;
  let dataDir: string;

  beforeAll(async () => {
    compiled = new CompiledDatabase();
    dataDir = await freshDataFolder('empty');
  });
  afterAll(async () => {
    compiled.remove();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('has every acknowledged row after each of five kills under load, and starts without help', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const child = compiled.run(writer, [dataDir]);
      await child.line('ready');
      const enough = child.lines.length + 21 + Math.random() * 300;
      while (child.lines.length < enough) await sleep(5);
      child.process.kill('SIGKILL');
      expect(await child.ended).toBe('SIGKILL');
      const saved = child.lines.filter((line) => line.startsWith('saved ')).map((line) => line.slice('saved '.length));
      expect(saved.length).toBeGreaterThan(20);
      acknowledged.push(...saved);
    }
    const source = await openDataSource({ dataDir });
    try {
      const missing = await source.query<unknown[]>(
        'SELECT a.n FROM unnest($1::text[]) AS a(n) LEFT JOIN saved USING (n) WHERE saved.n IS NULL',
        [acknowledged],
      );
      expect(missing).toEqual([]);
      // The index is whole, too.
      const counts = await source.query<Record<string, string>[]>(
        `SELECT count(*) AS rows, (SELECT count(*) FROM saved WHERE n > '') AS indexed FROM saved`,
      );
      expect(counts[0]!['rows']).toBe(counts[0]!['indexed']);
      console.log(`${acknowledged.length} acknowledged rows, 0 missing after 5 kills`);
    } finally {
      await source.destroy();
    }
  });

  it('refuses a second process on the folder; the first one works on', async () => {
    const first = compiled.run(writer, [dataDir]);
    await first.line('ready');
    const second = compiled.run(writer, [dataDir]);
    expect(await second.line('refused')).toContain(`is in use by process ${first.process.pid} on`);
    expect(await second.ended).toBe(3);
    const before = first.lines.length;
    while (first.lines.length === before) await sleep(5);
    first.process.kill('SIGKILL');
    await first.ended;
  });

  it('survives a kill during the very first start', async () => {
    const fresh = join(dataDir, 'fresh');
    await mkdir(fresh);
    for (const after of [700, 1_300, 2_000]) {
      const child = compiled.run(writer, [fresh]);
      await sleep(after);
      child.process.kill('SIGKILL');
      await child.ended;
    }
    const child = compiled.run(writer, [fresh]);
    await child.line('saved');
    child.process.kill('SIGKILL');
    await child.ended;
  });
});
