/** What PostgreSQL answers to whom it will not let in, however often they ask. */
const final = new Set(['3D000', '28P01', '28000']);

const silent = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']);
const unnamed = new Set(['ENOTFOUND', 'EAI_AGAIN']);

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** Whether it is pointless to wait for this database: it is there and says no. */
export function isFinalRefusal(error: unknown): boolean {
  return final.has(codeOf(error));
}

/** Why the database of `DATABASE_URL` could not be opened and what to do, without its password; null for any other fault and without one. */
export function databaseStartFault(error: unknown, databaseUrl: string | undefined): string | null {
  const code = codeOf(error);
  if (!databaseUrl || !URL.canParse(databaseUrl)) return null;
  const { hostname, port, username, pathname } = new URL(databaseUrl);
  const server = `${hostname || 'the local socket'}:${port || 5432}`;
  const name = decodeURIComponent(pathname.slice(1));
  const user = decodeURIComponent(username);
  if (code === '3D000') return `PostgreSQL at ${server} has no database "${name}": make it (createdb ${name}) or correct DATABASE_URL.`;
  if (final.has(code)) return `PostgreSQL at ${server} does not let "${user}" in: check the name and the password in DATABASE_URL.`;
  if (unnamed.has(code)) return `There is no computer named "${hostname}": correct DATABASE_URL.`;
  if (silent.has(code)) return `No PostgreSQL answers at ${server} (${code}): start it or correct DATABASE_URL.`;
  return null;
}
