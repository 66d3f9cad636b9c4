import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets for sockets, where several nodes share a database: one is given by one node and used at another. Kept for half a minute. */
export class SocketTickets1763700000031 implements MigrationInterface {
  readonly name = 'SocketTickets1763700000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE socket_tickets (
        hash bytea NOT NULL CONSTRAINT pk_socket_tickets PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT fk_socket_tickets_user REFERENCES users (id) ON DELETE CASCADE,
        session_id uuid NOT NULL,
        session_expires_at bigint NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_socket_tickets_user ON socket_tickets (user_id)');
    await runner.query('CREATE INDEX ix_socket_tickets_expires ON socket_tickets (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE socket_tickets');
  }
}
