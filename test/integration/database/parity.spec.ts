import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { DatabasePool } from '../../../src/database/connection/database-pool.js';
import { sessionSql } from '../../../src/database/connection/session.js';
import { EmbeddedPool } from '../../../src/database/embedded/embedded-pool.js';
import { freshDataFolder } from '../../support/database-templates.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';

const values: readonly (readonly [type: string, ...literals: string[]])[] = [
  ['int2', '-32768', '1'],
  ['int4', '2147483647', '0'],
  ['int8', '9223372036854775807', '-1', '0'],
  ['numeric', '12345678901234567890.123456789', '0', '-1.50', 'NaN'],
  ['numeric(10,2)', '1.5'],
  ['float4', '1.5', '-0.1'],
  ['float8', '1e300', '0.1', 'Infinity', 'NaN'],
  ['bool', 'true', 'false'],
  ['text', '', 'так', 'a\\b"c'],
  ['varchar(5)', 'abc'],
  ['char(5)', 'abc'],
  ['uuid', '01890000-0000-7000-8000-0000000000ff'],
  ['bytea', '\\x00ff10', ''],
  ['json', '{"a":[1,2,{"b":null}]}', '"text"', '1'],
  ['jsonb', '{"b":1,"a":"ї"}', '[]', 'null'],
  ['date', '2026-11-21', '0044-03-15 BC'],
  ['time', '12:34:56.789012'],
  ['timetz', '12:34:56+02'],
  ['timestamp', '2026-11-21 12:34:56.789', 'infinity'],
  ['timestamptz', '2026-11-21 12:34:56.789012+02', '-infinity', '2026-03-29 01:30:00Z'],
  ['interval', '1 year 2 days 03:04:05.6', '-1 mon'],
  ['inet', '10.0.0.1/8', '::1'],
  ['cidr', '10.0.0.0/8'],
  ['macaddr', '08:00:2b:01:02:03'],
  ['point', '(1.5,2)'],
  ['circle', '<(1,2),3>'],
  ['bit(3)', '101'],
  ['money', '12.34'],
  ['oid', '42'],
  ['xid', '42'],
  ['tsvector', 'a:1 b:2'],
  ['int4range', '[1,5)'],
  ['tstzrange', '[2026-01-01 00:00Z,)'],
  ['int4[]', '{1,NULL,3}', '{}', '{{1,2},{3,4}}'],
  ['int8[]', '{9007199254740993,NULL}'],
  ['numeric[]', '{1.50}'],
  ['bool[]', '{t,f,NULL}'],
  ['text[]', '{"a,b","c\\"d",NULL,""}'],
  ['varchar[]', '{a,b}'],
  ['uuid[]', '{01890000-0000-7000-8000-0000000000ff}'],
  ['timestamptz[]', '{"2026-11-21 12:34:56Z",NULL}'],
  ['date[]', '{2026-11-21}'],
  ['jsonb[]', '{"{\\"a\\":1}"}'],
  ['bytea[]', '{"\\\\x00ff"}'],
  ['inet[]', '{10.0.0.1}'],
];

const faults: readonly string[] = [
  'SELEC 1',
  'SELECT * FROM nowhere',
  'SELECT nothing FROM parity',
  'SELECT 1/0',
  `SELECT 'x'::int`,
  `SELECT 'x'::uuid`,
  `SELECT 99999999999::int`,
  `INSERT INTO parity VALUES (1, 1, 1, 'a')`,
  `INSERT INTO parity VALUES (2, 1, 1, 'A')`,
  `INSERT INTO parity VALUES (2, 99, 1, 'b')`,
  `INSERT INTO parity VALUES (2, 1, -1, 'b')`,
  `INSERT INTO parity VALUES (2, 1, 1, NULL)`,
  `INSERT INTO parity VALUES (2, 1, 1, 'far too long')`,
  'DELETE FROM parity_parents',
  'BEGIN; SELECT 1/0; COMMIT',
];

const commands: readonly string[] = [
  `INSERT INTO parity VALUES (5, 1, 1, 'e'), (6, 1, 1, 'f')`,
  `INSERT INTO parity VALUES (7, 1, 1, 'g') RETURNING id, name`,
  'UPDATE parity SET n = 2 WHERE id IN (5, 6)',
  'UPDATE parity SET n = 2 WHERE id = -1',
  'SELECT id FROM parity ORDER BY id',
  'SELECT id FROM parity WHERE false',
  'DELETE FROM parity WHERE id IN (5, 6, 7) RETURNING id',
  'SELECT 1 AS a; SELECT 2 AS b',
  'CREATE TEMP TABLE parity_temp (a int)',
  'MERGE INTO parity USING (SELECT 1 AS id) AS s ON parity.id = s.id WHEN MATCHED THEN UPDATE SET n = 1',
  '',
];

describeWithPostgres('the embedded database against a PostgreSQL server', () => {
  let postgres: RunningPostgres;
  let server: DatabasePool;
  let embedded: EmbeddedPool;
  let dataDir: string;

  const onBoth = async <T>(ask: (pool: pg.Pool) => Promise<T>): Promise<[server: T, embedded: T]> =>
    Promise.all([ask(server), ask(embedded)]);

  beforeAll(async () => {
    dataDir = await freshDataFolder('empty');
    postgres = await startPostgres();
    server = new DatabasePool({ connectionString: postgres.url, max: 2, sessionSql });
    embedded = new EmbeddedPool({ dataDir, sessionSql });
    await onBoth(async (pool) => {
      await pool.query('CREATE TABLE parity_parents (id int PRIMARY KEY)');
      await pool.query(`CREATE TABLE parity (
        id int CONSTRAINT pk_parity PRIMARY KEY,
        parent int CONSTRAINT fk_parity REFERENCES parity_parents,
        n int CONSTRAINT ck_parity CHECK (n > 0),
        name varchar(5) NOT NULL
      )`);
      await pool.query('CREATE UNIQUE INDEX uq_parity_name ON parity (lower(name))');
      await pool.query('INSERT INTO parity_parents VALUES (1)');
      await pool.query(`INSERT INTO parity VALUES (1, 1, 1, 'a')`);
    });
  });

  afterAll(async () => {
    await embedded.end();
    await server.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each(values)('gives the same JavaScript values for %s', async (type, ...literals) => {
    for (const literal of [...literals, null]) {
      const [fromServer, fromEmbedded] = await onBoth(async (pool) => {
        const { rows, fields } = await pool.query<{ v: unknown }>(`SELECT $1::text::${type} AS v`, [literal]);
        // And back in as a parameter: the same value, or the same fault where pg cannot say it.
        const again = await pool.query<{ v: string }>(`SELECT $1::${type}::text AS v`, [rows[0]!.v]).then(
          (answer) => answer.rows[0]!.v,
          (fault: pg.DatabaseError) => fault.message,
        );
        return { value: rows[0]!.v, kind: Object.prototype.toString.call(rows[0]!.v), type: fields[0]!.dataTypeID, again };
      });
      expect(fromEmbedded).toEqual(fromServer);
    }
  });

  it('reads int8 and numeric as strings, timestamptz as Date', async () => {
    const answers = await onBoth(
      async (pool) =>
        (await pool.query(`SELECT 1::int8 AS a, 1.50::numeric AS b, '2026-11-21T10:00:00.123Z'::timestamptz AS c`)).rows[0] as unknown,
    );
    for (const answer of answers) expect(answer).toEqual({ a: '1', b: '1.50', c: new Date('2026-11-21T10:00:00.123Z') });
  });

  it.each(faults)('tells the same fault: %s', async (sql) => {
    const [fromServer, fromEmbedded] = await onBoth(async (pool) => {
      const client = await pool.connect();
      const fault = (await client.query(sql).catch((error: unknown) => error)) as pg.DatabaseError;
      await client.query('ROLLBACK');
      client.release();
      const { name, message, severity, code, detail, hint, position, schema, table, column, dataType, constraint } = fault;
      return {
        class: fault.constructor.name,
        name,
        message,
        severity,
        code,
        detail,
        hint,
        position,
        schema,
        table,
        column,
        dataType,
        constraint,
      };
    });
    expect(fromServer.code).toMatch(/^[0-9A-Z]{5}$/);
    expect(fromEmbedded).toEqual(fromServer);
  });

  it.each(commands)('tells the same of a command: %s', async (sql) => {
    const [fromServer, fromEmbedded] = await onBoth(async (pool) => {
      const results = (await pool.query(sql)) as pg.QueryResult | pg.QueryResult[];
      return [results].flat().map(({ command, rowCount, rows, fields }) => ({
        command,
        rowCount,
        rows: rows as unknown[],
        fields: fields.map(({ name }) => name),
      }));
    });
    expect(fromEmbedded).toEqual(fromServer);
  });
});
