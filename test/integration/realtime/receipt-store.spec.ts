import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newId } from '../../../src/common/ids.js';
import { SqlReceiptStore } from '../../../src/realtime/legacy/receipt-store.js';
import { eachDatabase } from '../../support/databases.js';

const tenMinutes = 600_000;

eachDatabase('receipts of old pages', (open) => {
  let dataSource: DataSource;
  let store: SqlReceiptStore;
  const [session, room] = [newId(), newId()];
  const row = (position: number, open = true, at = room) => ({ sessionId: session, roomId: at, position, seq: position - 1, open });

  beforeAll(async () => {
    dataSource = await open([]);
    store = new SqlReceiptStore(dataSource);
  });
  afterAll(async () => dataSource.destroy());
  beforeEach(async () => {
    await dataSource.query('DELETE FROM legacy_receipts');
  });

  it('are found again, the newest state of each pair of session and room', async () => {
    expect(await store.find(session, room, tenMinutes)).toBeNull();
    await store.save([row(5), row(9, true, newId())], []);
    await store.save([row(7)], []);
    expect(await store.find(session, room, tenMinutes)).toMatchObject({ position: 7, seq: 6 });
    await store.save([row(8, false)], []);
    const found = await store.find(session, room, tenMinutes);
    expect(found).toMatchObject({ position: 8 });
    expect(found!.age).toBeLessThan(5_000);
    expect(await store.find(newId(), room, tenMinutes)).toBeNull();
  });

  it('are written and removed in one statement', async () => {
    const other = newId();
    await store.save([row(1), row(1, true, other)], []);
    await store.save([row(2, true, other)], [{ sessionId: session, roomId: room }]);
    expect(await store.find(session, room, tenMinutes)).toBeNull();
    expect(await store.find(session, other, tenMinutes)).toMatchObject({ position: 2 });
    await store.save([], [{ sessionId: session, roomId: other }]);
    expect(await store.find(session, other, tenMinutes)).toBeNull();
  });

  it('count for ten minutes since the end, or since the last write of a server that was killed', async () => {
    await store.save([row(3)], []);
    await dataSource.query(`UPDATE legacy_receipts SET updated_at = now() - interval '9 minutes'`);
    expect((await store.find(session, room, tenMinutes))!.age).toBeGreaterThan(530_000);
    await dataSource.query(`UPDATE legacy_receipts SET updated_at = now() - interval '11 minutes'`);
    expect(await store.find(session, room, tenMinutes)).toBeNull();
    await store.prune(2 * tenMinutes);
    expect(await dataSource.query('SELECT 1 FROM legacy_receipts')).toHaveLength(1);
    await dataSource.query(`UPDATE legacy_receipts SET updated_at = now() - interval '21 minutes'`);
    await store.prune(2 * tenMinutes);
    expect(await dataSource.query('SELECT 1 FROM legacy_receipts')).toHaveLength(0);
  });
});
