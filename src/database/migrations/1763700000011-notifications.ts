import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notifications, what people want to hear of, announcements; and which mentions and replies still have to become notifications. */
export class Notifications1763700000011 implements MigrationInterface {
  readonly name = 'Notifications1763700000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notifications (
        id uuid CONSTRAINT pk_notifications PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT fk_notifications_user REFERENCES users (id) ON DELETE CASCADE,
        kind text NOT NULL,
        group_key text NOT NULL,
        room_id uuid,
        seq bigint,
        count integer NOT NULL CONSTRAINT ck_notifications_count CHECK (count > 0),
        actors uuid[] NOT NULL,
        data jsonb NOT NULL,
        mail_pending boolean NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        read_at timestamptz
      )`);
    await runner.query('CREATE UNIQUE INDEX uq_notifications_open ON notifications (user_id, group_key) WHERE read_at IS NULL');
    await runner.query('CREATE INDEX ix_notifications_list ON notifications (user_id, updated_at DESC, id DESC)');
    await runner.query('CREATE INDEX ix_notifications_unread ON notifications (user_id, updated_at DESC, id DESC) WHERE read_at IS NULL');
    await runner.query('CREATE INDEX ix_notifications_room ON notifications (room_id, user_id) WHERE room_id IS NOT NULL');
    await runner.query('CREATE INDEX ix_notifications_mail ON notifications (user_id) WHERE mail_pending');
    await runner.query('CREATE INDEX ix_notifications_old ON notifications (updated_at) WHERE read_at IS NOT NULL');

    await runner.query(`
      CREATE TABLE notification_preferences (
        user_id uuid CONSTRAINT pk_notification_preferences PRIMARY KEY
          CONSTRAINT fk_notification_preferences_user REFERENCES users (id) ON DELETE CASCADE,
        mail boolean NOT NULL DEFAULT true,
        kinds jsonb NOT NULL DEFAULT '{}',
        quiet_hours jsonb
      )`);
    await runner.query(`
      CREATE TABLE notification_levels (
        user_id uuid NOT NULL CONSTRAINT fk_notification_levels_user REFERENCES users (id) ON DELETE CASCADE,
        room_id uuid NOT NULL CONSTRAINT fk_notification_levels_room REFERENCES rooms (id) ON DELETE CASCADE,
        level text NOT NULL CONSTRAINT ck_notification_levels_level CHECK (level IN ('all', 'mentions', 'nothing')),
        notified_seq bigint NOT NULL,
        CONSTRAINT pk_notification_levels PRIMARY KEY (user_id, room_id)
      )`);
    await runner.query('CREATE INDEX ix_notification_levels_room ON notification_levels (room_id)');
    await runner.query(`CREATE INDEX ix_notification_levels_all ON notification_levels (room_id, user_id) WHERE level = 'all'`);
    await runner.query(`
      CREATE TABLE notification_reach (
        user_id uuid CONSTRAINT pk_notification_reach PRIMARY KEY CONSTRAINT fk_notification_reach_user REFERENCES users (id) ON DELETE CASCADE,
        seen_at timestamptz,
        mailed_at timestamptz
      ) WITH (fillfactor = 70)`);

    await runner.query(`
      CREATE TABLE announcements (
        id uuid CONSTRAINT pk_announcements PRIMARY KEY,
        author_id uuid CONSTRAINT fk_announcements_author REFERENCES users (id) ON DELETE SET NULL,
        message text NOT NULL,
        created_at timestamptz NOT NULL,
        first_told uuid[] NOT NULL DEFAULT '{}',
        told_up_to uuid,
        done_at timestamptz
      )`);
    await runner.query('CREATE INDEX ix_announcements_author ON announcements (author_id)');
    await runner.query('CREATE INDEX ix_announcements_waiting ON announcements (created_at) WHERE done_at IS NULL');

    // Mentions of before are no news.
    await runner.query('ALTER TABLE mentions ADD COLUMN notified boolean NOT NULL DEFAULT true');
    await runner.query('ALTER TABLE mentions ALTER COLUMN notified SET DEFAULT false');
    await runner.query('CREATE INDEX ix_mentions_waiting ON mentions (room_id, user_id, seq) WHERE NOT notified');
    await runner.query(`
      CREATE TABLE reply_notices (
        room_id uuid NOT NULL,
        user_id uuid NOT NULL CONSTRAINT fk_reply_notices_user REFERENCES users (id) ON DELETE CASCADE,
        seq bigint NOT NULL,
        CONSTRAINT pk_reply_notices PRIMARY KEY (room_id, user_id, seq),
        CONSTRAINT fk_reply_notices_message FOREIGN KEY (room_id, seq) REFERENCES messages (room_id, seq) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX ix_reply_notices_user ON reply_notices (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reply_notices');
    await runner.query('DROP INDEX ix_mentions_waiting');
    await runner.query('ALTER TABLE mentions DROP COLUMN notified');
    for (const table of ['announcements', 'notification_reach', 'notification_levels', 'notification_preferences', 'notifications'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
