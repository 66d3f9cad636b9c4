import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which nodes live on this database, and what they say to each other: kept for a minute. */
export class NodeSignals1763700000030 implements MigrationInterface {
  readonly name = 'NodeSignals1763700000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE nodes (
        id text NOT NULL CONSTRAINT pk_nodes PRIMARY KEY,
        seen_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE node_signals (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_node_signals PRIMARY KEY,
        node text NOT NULL,
        serial bigint NOT NULL,
        channel text NOT NULL,
        kind text NOT NULL,
        body text NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX ix_node_signals_at ON node_signals (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE node_signals');
    await runner.query('DROP TABLE nodes');
  }
}
