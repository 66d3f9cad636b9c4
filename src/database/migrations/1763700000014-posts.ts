import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Posts with tags, links, likes, views and reactions; comments with theirs; and the ten default topics. */
export class Posts1763700000014 implements MigrationInterface {
  readonly name = 'Posts1763700000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posts (
        id uuid CONSTRAINT pk_posts PRIMARY KEY,
        author_id uuid NOT NULL CONSTRAINT fk_posts_author REFERENCES users (id) ON DELETE CASCADE,
        title varchar(255) NOT NULL,
        content text NOT NULL CONSTRAINT ck_posts_content CHECK (char_length(content) <= 20000),
        link text,
        images jsonb NOT NULL DEFAULT '[]',
        shared_message_id uuid CONSTRAINT fk_posts_shared_message REFERENCES messages (id) ON DELETE SET NULL,
        like_count integer NOT NULL DEFAULT 0,
        comment_count integer NOT NULL DEFAULT 0,
        view_count integer NOT NULL DEFAULT 0,
        reactions jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL,
        edited_at timestamptz,
        CONSTRAINT ck_posts_counters CHECK (like_count >= 0 AND comment_count >= 0 AND view_count >= 0)
      )`);
    await runner.query('CREATE INDEX ix_posts_author ON posts (author_id, id)');
    await runner.query('CREATE INDEX ix_posts_shared_message ON posts (shared_message_id) WHERE shared_message_id IS NOT NULL');
    await runner.query(`
      CREATE TABLE post_links (
        id uuid CONSTRAINT pk_post_links PRIMARY KEY,
        post_id uuid NOT NULL CONSTRAINT fk_post_links_post REFERENCES posts (id) ON DELETE CASCADE,
        url text NOT NULL,
        place integer NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_post_links_post ON post_links (post_id, place)');
    await runner.query(`
      CREATE TABLE tags (
        id uuid CONSTRAINT pk_tags PRIMARY KEY,
        name varchar(50) NOT NULL,
        name_key text NOT NULL CONSTRAINT uq_tags_name_key UNIQUE,
        is_default boolean NOT NULL DEFAULT false,
        post_count integer NOT NULL DEFAULT 0 CONSTRAINT ck_tags_post_count CHECK (post_count >= 0)
      )`);
    await runner.query('CREATE INDEX ix_tags_prefix ON tags (name_key text_pattern_ops)');
    await runner.query('CREATE INDEX ix_tags_used ON tags (is_default DESC, post_count DESC, name_key)');
    await runner.query(`
      CREATE TABLE post_tags (
        post_id uuid NOT NULL CONSTRAINT fk_post_tags_post REFERENCES posts (id) ON DELETE CASCADE,
        tag_id uuid NOT NULL CONSTRAINT fk_post_tags_tag REFERENCES tags (id),
        place integer NOT NULL,
        CONSTRAINT pk_post_tags PRIMARY KEY (post_id, tag_id)
      )`);
    await runner.query('CREATE INDEX ix_post_tags_tag ON post_tags (tag_id, post_id)');
    await runner.query(`
      CREATE TABLE post_views (
        post_id uuid NOT NULL CONSTRAINT fk_post_views_post REFERENCES posts (id) ON DELETE CASCADE,
        user_id uuid NOT NULL CONSTRAINT fk_post_views_user REFERENCES users (id) ON DELETE CASCADE,
        day date NOT NULL,
        CONSTRAINT pk_post_views PRIMARY KEY (post_id, user_id, day)
      )`);
    await runner.query('CREATE INDEX ix_post_views_user ON post_views (user_id)');
    await runner.query(`
      CREATE TABLE comments (
        id uuid CONSTRAINT pk_comments PRIMARY KEY,
        post_id uuid NOT NULL CONSTRAINT fk_comments_post REFERENCES posts (id) ON DELETE CASCADE,
        parent_id uuid CONSTRAINT fk_comments_parent REFERENCES comments (id) ON DELETE CASCADE,
        author_id uuid CONSTRAINT fk_comments_author REFERENCES users (id) ON DELETE SET NULL,
        content text NOT NULL CONSTRAINT ck_comments_content CHECK (char_length(content) <= 4096),
        like_count integer NOT NULL DEFAULT 0,
        reply_count integer NOT NULL DEFAULT 0,
        reactions jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL,
        edited_at timestamptz,
        deleted_at timestamptz,
        CONSTRAINT ck_comments_counters CHECK (like_count >= 0 AND reply_count >= 0)
      )`);
    await runner.query('CREATE INDEX ix_comments_post ON comments (post_id, id) WHERE parent_id IS NULL');
    await runner.query('CREATE INDEX ix_comments_parent ON comments (parent_id, id) WHERE parent_id IS NOT NULL');
    await runner.query('CREATE INDEX ix_comments_author ON comments (author_id)');
    for (const subject of ['post', 'comment']) {
      await runner.query(`
        CREATE TABLE ${subject}_likes (
          ${subject}_id uuid NOT NULL CONSTRAINT fk_${subject}_likes_${subject} REFERENCES ${subject}s (id) ON DELETE CASCADE,
          user_id uuid NOT NULL CONSTRAINT fk_${subject}_likes_user REFERENCES users (id) ON DELETE CASCADE,
          created_at timestamptz NOT NULL,
          CONSTRAINT pk_${subject}_likes PRIMARY KEY (${subject}_id, user_id)
        )`);
      await runner.query(`CREATE INDEX ix_${subject}_likes_user ON ${subject}_likes (user_id)`);
      await runner.query(`CREATE INDEX ix_${subject}_likes_newest ON ${subject}_likes (${subject}_id, created_at, user_id)`);
      await runner.query(`
        CREATE TABLE ${subject}_reactions (
          ${subject}_id uuid NOT NULL CONSTRAINT fk_${subject}_reactions_${subject} REFERENCES ${subject}s (id) ON DELETE CASCADE,
          user_id uuid NOT NULL CONSTRAINT fk_${subject}_reactions_user REFERENCES users (id) ON DELETE CASCADE,
          emoji varchar(64) NOT NULL,
          created_at timestamptz NOT NULL,
          CONSTRAINT pk_${subject}_reactions PRIMARY KEY (${subject}_id, user_id, emoji)
        )`);
      await runner.query(`CREATE INDEX ix_${subject}_reactions_user ON ${subject}_reactions (user_id)`);
    }
    const topics = ['vacation', 'inspiration', 'life', 'nature', 'reading', 'calm', 'harmony', 'music', 'movies', 'travel'];
    for (const [index, topic] of topics.entries()) {
      await runner.query('INSERT INTO tags (id, name, name_key, is_default) VALUES ($1, $2::text, $2::text, true)', [
        `01900000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`,
        topic,
      ]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'comment_reactions',
      'comment_likes',
      'post_reactions',
      'post_likes',
      'comments',
      'post_views',
      'post_tags',
      'tags',
      'post_links',
      'posts',
    ])
      await runner.query(`DROP TABLE ${table}`);
  }
}
