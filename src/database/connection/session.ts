/** How long anything may take on a connection to a PostgreSQL server, in ms. A lost database must be noticed within seconds. */
export const limits = {
  /** Wait for a free connection, or for a new one to be set up. */
  checkOut: 5_000,
  /** A row or table that another transaction keeps locked. */
  lock: 3_000,
  /** One statement, counted by the server. */
  statement: 10_000,
  /** One statement, counted here: past the server's own limit only a lost server stays silent. */
  answer: 12_000,
  /** A transaction that does nothing, for example because its node was frozen: it holds locks. */
  idleTransaction: 30_000,
  /** Unused connections are closed. */
  idle: 30_000,
} as const;

/**
 * Prepares a connection. As statements rather than as start-up parameters, which connection poolers refuse.
 * The embedded database takes the limits too but has no timers to enforce them.
 */
export const sessionSql = [
  `SET TIME ZONE 'UTC'`,
  `SET statement_timeout = ${limits.statement}`,
  `SET lock_timeout = ${limits.lock}`,
  `SET idle_in_transaction_session_timeout = ${limits.idleTransaction}`,
  // Prepared statements are planned for the values at hand: a plan that was kept from the time when a table was small reads all of it later.
  `SET plan_cache_mode = force_custom_plan`,
].join('; ');
