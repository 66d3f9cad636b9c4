import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';
import type { Attachment } from '../../contracts/index.js';
import { PostEntity, PostLinkEntity } from './entities/post.entity.js';

/** A post with its tags and links, as the SQL of this file selects it. */
export interface PostRow {
  id: string;
  author_id: string;
  title: string;
  content: string;
  link: string | null;
  images: Attachment[];
  shared_message_id: string | null;
  like_count: number;
  comment_count: number;
  view_count: number;
  reactions: { emoji: string; count: number }[];
  created_at: Date;
  edited_at: Date | null;
  tags: string[];
  links: { id: string; url: string }[];
}

const columns = `p.id, p.author_id, p.title, p.content, p.link, p.images, p.shared_message_id, p.like_count, p.comment_count, p.view_count, p.reactions,
  p.created_at, p.edited_at,
  (SELECT COALESCE(jsonb_agg(t.name ORDER BY pt.place), '[]') FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id = p.id) AS tags,
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', l.id, 'url', l.url) ORDER BY l.place), '[]') FROM post_links l WHERE l.post_id = p.id) AS links`;

/** Which posts a feed shows. `authors` null: everybody's. */
export interface Feed {
  authors: readonly string[] | null;
  /** The key of a tag (`caseKey`). */
  tag: string | null;
  /** Authors to leave out. */
  without: readonly string[];
}

/** Reading and writing posts and their links. Ids rise with time, so a feed goes down the ids and its cursor is the last of them. */
@Injectable()
export class PostsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async find(postId: string): Promise<PostRow | null> {
    const rows = await this.dataSource.query<PostRow[]>(`SELECT ${columns} FROM posts p WHERE p.id = $1`, [postId]);
    return rows[0] ?? null;
  }

  async byIds(ids: readonly string[]): Promise<PostRow[]> {
    return this.dataSource.query<PostRow[]>(`SELECT ${columns} FROM posts p WHERE p.id = ANY($1::uuid[])`, [ids]);
  }

  async findIn(manager: EntityManager, postId: string): Promise<PostRow> {
    const rows = await manager.query<PostRow[]>(`SELECT ${columns} FROM posts p WHERE p.id = $1`, [postId]);
    return rows[0]!;
  }

  /** A page of a feed, newest first. One author's posts, many authors' and everybody's are each one walk down an index. */
  async feed({ authors, tag, without }: Feed, limit: number, before: string | null): Promise<PostRow[]> {
    const below = '($2::uuid IS NULL OR p.id < $2::uuid)';
    if (authors && tag === null) {
      // Each author's newest by their own index, then the newest of all: no walk through the posts of strangers.
      return this.dataSource.query<PostRow[]>(
        `SELECT ${columns} FROM (
           SELECT n.id FROM unnest($3::uuid[]) AS a(id) CROSS JOIN LATERAL (
             SELECT p.id FROM posts p WHERE p.author_id = a.id AND ${below} ORDER BY p.id DESC LIMIT $1) n
           ORDER BY n.id DESC LIMIT $1) f JOIN posts p ON p.id = f.id ORDER BY p.id DESC`,
        [limit, before, authors.filter((id) => !without.includes(id))],
      );
    }
    if (tag !== null) {
      return this.dataSource.query<PostRow[]>(
        `SELECT ${columns} FROM (
           SELECT p.post_id AS id FROM post_tags p JOIN posts o ON o.id = p.post_id
           WHERE p.tag_id = (SELECT id FROM tags WHERE name_key = $3) AND ($2::uuid IS NULL OR p.post_id < $2::uuid)
             AND NOT (o.author_id = ANY($4::uuid[])) AND ($5::uuid[] IS NULL OR o.author_id = ANY($5::uuid[]))
           ORDER BY p.post_id DESC LIMIT $1) f JOIN posts p ON p.id = f.id ORDER BY p.id DESC`,
        [limit, before, tag, without, authors],
      );
    }
    return this.dataSource.query<PostRow[]>(
      `SELECT ${columns} FROM (
         SELECT p.id FROM posts p WHERE ${below} AND NOT (p.author_id = ANY($3::uuid[])) ORDER BY p.id DESC LIMIT $1) f
       JOIN posts p ON p.id = f.id ORDER BY p.id DESC`,
      [limit, before, without],
    );
  }

  async insert(
    manager: EntityManager,
    post: Pick<PostEntity, 'id' | 'authorId' | 'title' | 'content' | 'link' | 'sharedMessageId'>,
  ): Promise<void> {
    await manager.insert(PostEntity, { ...post, images: [], reactions: [], createdAt: new Date() });
  }

  /** The post's row, locked until the transaction ends; null: gone. */
  async lock(manager: EntityManager, postId: string): Promise<PostEntity | null> {
    return manager.findOne(PostEntity, { where: { id: postId }, lock: { mode: 'pessimistic_write' } });
  }

  async update(manager: EntityManager, postId: string, change: Partial<PostEntity>): Promise<void> {
    await manager.update(PostEntity, { id: postId }, { ...change, editedAt: new Date() });
  }

  async setImages(manager: EntityManager, postId: string, images: Attachment[]): Promise<void> {
    await manager.update(PostEntity, { id: postId }, { images });
  }

  /** Gives a post these further links; those that it has already keep their ids. */
  async setLinks(manager: EntityManager, postId: string, urls: readonly string[]): Promise<void> {
    const held = await manager.find(PostLinkEntity, { where: { postId }, order: { place: 'ASC' } });
    await manager.delete(PostLinkEntity, { postId });
    const rows = urls.map((url, place) => {
      const known = held.findIndex((link) => link.url === url);
      const id = known < 0 ? newId() : held.splice(known, 1)[0]!.id;
      return { id, postId, url, place };
    });
    if (rows.length > 0) await manager.insert(PostLinkEntity, rows);
  }

  /** @returns whether the post had it */
  async deleteLink(manager: EntityManager, postId: string, linkId: string): Promise<boolean> {
    const { affected } = await manager.delete(PostLinkEntity, { id: linkId, postId });
    return Boolean(affected);
  }

  async delete(manager: EntityManager, postId: string): Promise<void> {
    await manager.delete(PostEntity, { id: postId });
  }

  async countOf(authorId: string): Promise<number> {
    return this.dataSource.manager.countBy(PostEntity, { authorId });
  }

  /** Counts a view, once per reader and day (UTC). @returns the count now; null: the post is gone */
  async view(postId: string, userId: string): Promise<number | null> {
    const rows = await this.dataSource.query<{ view_count: number }[]>(
      `WITH seen AS (
         INSERT INTO post_views (post_id, user_id, day) SELECT p.id, $2, (now() AT TIME ZONE 'UTC')::date FROM posts p WHERE p.id = $1
         ON CONFLICT DO NOTHING RETURNING 1), counted AS (
         UPDATE posts SET view_count = view_count + 1 WHERE id = $1 AND EXISTS (SELECT FROM seen) RETURNING view_count)
       SELECT view_count FROM counted UNION ALL SELECT view_count FROM posts WHERE id = $1 LIMIT 1`,
      [postId, userId],
    );
    return rows[0]?.view_count ?? null;
  }
}
