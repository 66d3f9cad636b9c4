import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newId } from '../../../src/common/ids.js';
import { openDataSource } from '../../../src/database/data-source.js';
import { byteaArray, intArray, textArray, timeArray, uuidArray } from '../../../src/database/index.js';
import { describeOnBoth } from './support/databases.js';

describeOnBoth('an array sent in binary', (fresh) => {
  let source: DataSource;
  beforeAll(async () => {
    source = await openDataSource(await fresh());
  });
  afterAll(async () => source.destroy());

  const read = async (type: string, value: Buffer): Promise<unknown[]> => {
    const rows: { v: unknown }[] = await source.query(`SELECT v FROM unnest($1::${type}[]) WITH ORDINALITY AS t(v, n) ORDER BY n`, [value]);
    return rows.map((row) => row.v);
  };

  it('is what the database reads, nulls, empty ones and every kind of text included', async () => {
    const ids = [
      newId(),
      null,
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '0123abcd-ef45-6789-abcd-ef0123456789',
    ];
    expect(await read('uuid', uuidArray(ids))).toEqual(ids);
    const texts = ['', null, 'plain', '{"a",\\ NULL}', 'їжак \u{1f994}', 'x'.repeat(5_000)];
    expect(await read('text', textArray(texts))).toEqual(texts);
    expect(await read('int', intArray([0, -1, 2_147_483_647, -2_147_483_648]))).toEqual([0, -1, 2_147_483_647, -2_147_483_648]);
    const bytes = [Buffer.from([0, 1, 255]), null, Buffer.alloc(0)];
    expect(await read('bytea', byteaArray(bytes.map((one) => one?.toString('latin1') ?? null)))).toEqual(bytes);
    const times = [new Date('2026-11-21T12:34:56.789Z'), new Date('1999-12-31T23:59:59.999Z'), new Date('2200-01-01T00:00:00.001Z')];
    expect(await read('timestamptz', timeArray(times))).toEqual(times);
    for (const [type, empty] of [
      ['uuid', uuidArray([])],
      ['text', textArray([])],
      ['int', intArray([])],
    ] as const)
      expect(await read(type, empty)).toEqual([]);
  });
});
