import { caseKey } from '../../../common/case-key.js';
import { type ColumnInfo, conditionsOf, type Traits } from './column-conditions.js';
import { describesOthers } from './spoken-columns.js';

/** By what an erased person is looked for; what is not known is left out. */
export interface ErasedPerson {
  id?: string | undefined;
  emails?: readonly string[];
  usernames?: readonly string[];
}

export interface Residue {
  /** `messages.author_id: id, 3 rows` */
  found: string[];
  /** The same where people write what they like: what others say of somebody is theirs. */
  spoken: string[];
}

/** What runs a statement. */
interface Database {
  query<T>(sql: string, parameters?: unknown[]): Promise<T>;
}

/**
 * Looks for an erased person in every column of every table, as PostgreSQL's catalogue knows them at this moment, so that no table can be
 * forgotten. Ids and addresses are found anywhere in a value, usernames as whole values. Reads every table once.
 */
export async function findResidue(database: Database, person: ErasedPerson): Promise<Residue> {
  const traits: Traits = {
    id: person.id?.toLowerCase() ?? null,
    emails: (person.emails ?? []).map(caseKey),
    usernames: (person.usernames ?? []).map(caseKey),
  };
  const residue: Residue = { found: [], spoken: [] };
  for (const [table, columns] of await tablesOf(database)) {
    const conditions = columns.flatMap((column) => conditionsOf(column, traits).map((one) => ({ ...one, column: column.name })));
    if (conditions.length === 0) continue;
    const counts = conditions.map(({ sql }, index) => `count(*) FILTER (WHERE ${sql}) AS c${index}`);
    const rows = await database.query<Record<string, string>[]>(
      `SELECT $1::text IS NULL AND $2::text[] IS NULL AND $3::text[] IS NULL AS unasked, ${counts.join(', ')} FROM ${quoted(table)} AS scanned`,
      [traits.id, traits.emails, traits.usernames],
    );
    conditions.forEach(({ column, trait }, index) => {
      const count = Number(rows[0]![`c${index}`]);
      if (count === 0) return;
      const place = `${table}.${column}`;
      residue[describesOthers(place) ? 'spoken' : 'found'].push(`${place}: ${trait}, ${count} ${count === 1 ? 'row' : 'rows'}`);
    });
  }
  return residue;
}

async function tablesOf(database: Database): Promise<Map<string, ColumnInfo[]>> {
  const rows = await database.query<{ table: string; column: string; type: string; kind: string }[]>(
    `SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type, t.typcategory AS kind
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname, a.attnum`,
  );
  const tables = new Map<string, ColumnInfo[]>();
  for (const { table, column, type, kind } of rows)
    tables.set(table, [...(tables.get(table) ?? []), { name: column, sql: `scanned.${quoted(column)}`, type, isArray: kind === 'A' }]);
  return tables;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
