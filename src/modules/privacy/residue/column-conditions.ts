/** What a person is found by, folded. */
export interface Traits {
  id: string | null;
  emails: readonly string[];
  usernames: readonly string[];
}

export interface ColumnInfo {
  name: string;
  /** Quoted, under the alias of its table. */
  sql: string;
  type: string;
  isArray: boolean;
}

interface Condition {
  trait: 'id' | 'email' | 'username';
  /** True for a row that holds the trait. */
  sql: string;
}

/** Values of these types cannot hold an id, an address or a name. */
const harmless = /^(?:boolean|smallint|integer|bigint|real|double precision|numeric|date|time|timestamp|interval|oid|"char")/;

/**
 * How each trait is found in a column, whatever its type: `$1` is the id, `$2` are the addresses, `$3` the usernames.
 * An unknown type is searched as text.
 */
export function conditionsOf({ sql: column, type, isArray }: ColumnInfo, { id, emails, usernames }: Traits): Condition[] {
  if (harmless.test(type)) return [];
  if (type === 'uuid') return id === null ? [] : [{ trait: 'id', sql: `${column} = $1::uuid` }];
  const text = `lower(${column}::text)`;
  const conditions: Condition[] = [];
  if (type === 'bytea') {
    if (id !== null)
      conditions.push({
        trait: 'id',
        sql: `(position(convert_to($1::text, 'UTF8') in ${column}) > 0 OR position(decode(replace($1::text, '-', ''), 'hex') in ${column}) > 0)`,
      });
    if (emails.length > 0)
      conditions.push({
        trait: 'email',
        sql: `EXISTS (SELECT FROM unnest($2::text[]) given(email) WHERE position(convert_to(given.email, 'UTF8') in ${column}) > 0)`,
      });
    return conditions;
  }
  if (id !== null) conditions.push({ trait: 'id', sql: `position($1::text in ${text}) > 0` });
  if (emails.length > 0)
    conditions.push({
      trait: 'email',
      sql: `EXISTS (SELECT FROM unnest($2::text[]) given(email) WHERE position(given.email in ${text}) > 0)`,
    });
  if (usernames.length > 0 && type !== 'tsvector') {
    const whole =
      type === 'json' || type === 'jsonb'
        ? `EXISTS (SELECT FROM unnest($3::text[]) given(name) WHERE position(to_json(given.name)::text in ${text}) > 0)`
        : isArray
          ? `${text}::text[] && $3::text[]`
          : `${text} = ANY($3::text[])`;
    conditions.push({ trait: 'username', sql: whole });
  }
  return conditions;
}
