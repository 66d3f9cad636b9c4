import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { StoredSize } from './entities/file.entity.js';

/** A row of `files`. */
export interface FileRow {
  id: string;
  owner_id: string | null;
  kind: 'image' | 'file';
  name: string;
  mime: string;
  width: number | null;
  height: number | null;
  sizes: Record<string, StoredSize>;
  attached_kind: string | null;
  attached_id: string | null;
}

export interface NewFile {
  id: string;
  ownerId: string;
  kind: 'image' | 'file';
  name: string;
  mime: string;
  /** Of all objects together. */
  bytes: number;
  width: number | null;
  height: number | null;
  sizes: Record<string, StoredSize>;
}

const columns = 'id, owner_id, kind, name, mime, width, height, sizes, attached_kind, attached_id';

/** The SQL of files. Times are the database's own. */
@Injectable()
export class FilesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** How many bytes a person uses. */
  async usage(ownerId: string): Promise<number> {
    const rows = await this.dataSource.query<{ bytes: string }[]>('SELECT bytes FROM file_usage WHERE owner_id = $1', [ownerId]);
    return Number(rows[0]?.bytes ?? 0);
  }

  /** Takes the space and makes the row of a file whose objects are stored next. @returns false when the space is not there */
  async begin(file: NewFile, quota: number): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH space AS (
         INSERT INTO file_usage AS u (owner_id, bytes) SELECT $2::uuid, $6::bigint WHERE $6::bigint <= $10::bigint
         ON CONFLICT (owner_id) DO UPDATE SET bytes = u.bytes + EXCLUDED.bytes WHERE u.bytes + EXCLUDED.bytes <= $10::bigint
         RETURNING 1
       ), made AS (
         INSERT INTO files (id, owner_id, kind, name, mime, bytes, width, height, sizes, state, created_at)
         SELECT $1::uuid, $2::uuid, $3, $4, $5, $6::bigint, $7::int, $8::int, $9::jsonb, 'writing', now() FROM space RETURNING id
       ) SELECT id FROM made`,
      [file.id, file.ownerId, file.kind, file.name, file.mime, file.bytes, file.width, file.height, JSON.stringify(file.sizes), quota],
    );
    return rows.length > 0;
  }

  /** Everything of the file is stored. @returns false when housekeeping has given it up meanwhile */
  async complete(id: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH done AS (UPDATE files SET state = 'ready' WHERE id = $1 AND state = 'writing' RETURNING id) SELECT id FROM done`,
      [id],
    );
    return rows.length > 0;
  }

  /** A file that is there. */
  async find(id: string): Promise<FileRow | null> {
    return (await this.findMany([id]))[0] ?? null;
  }

  async findMany(ids: readonly string[]): Promise<FileRow[]> {
    if (ids.length === 0) return [];
    return this.dataSource.query<FileRow[]>(`SELECT ${columns} FROM files WHERE id = ANY($1::uuid[]) AND state = 'ready'`, [ids]);
  }

  /** The files of a person that are there, oldest first. */
  async ownedBy(ownerId: string): Promise<FileRow[]> {
    return this.dataSource.query<FileRow[]>(`SELECT ${columns} FROM files WHERE owner_id = $1 AND state = 'ready' ORDER BY id`, [ownerId]);
  }

  /** Locks those of these files that their owner may still use, in id order. */
  async lockFree(manager: EntityManager, ownerId: string, ids: readonly string[]): Promise<FileRow[]> {
    return manager.query<FileRow[]>(
      `SELECT ${columns} FROM files WHERE id = ANY($1::uuid[]) AND owner_id = $2 AND state = 'ready' AND attached_id IS NULL ORDER BY id FOR UPDATE`,
      [ids, ownerId],
    );
  }

  async attach(manager: EntityManager, ids: readonly string[], to: { kind: string; id: string }): Promise<void> {
    await manager.query('UPDATE files SET attached_kind = $2, attached_id = $3 WHERE id = ANY($1::uuid[])', [ids, to.kind, to.id]);
  }

  /** From the commit on the files are gone for everybody. @returns those that were there */
  async release(manager: Pick<EntityManager, 'query'>, ids: readonly string[]): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `WITH gone AS (UPDATE files SET state = 'removing', remove_after = now() WHERE id = ANY($1::uuid[]) AND state <> 'removing' RETURNING id)
       SELECT id FROM gone`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** Files of this kind of thing belong to it alone from now on. */
  async disown(ownerId: string, kind: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE files SET owner_id = NULL, name = 'picture' WHERE owner_id = $1 AND attached_kind = $2 AND state = 'ready'`,
      [ownerId, kind],
    );
  }

  /** Lets all files of a person go. @returns every one whose objects are to be removed, be it that it was let go before */
  async releaseOwned(ownerId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `WITH gone AS (UPDATE files SET state = 'removing', remove_after = now() WHERE owner_id = $1 RETURNING id) SELECT id FROM gone`,
      [ownerId],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether anything of a person's files is left. */
  async anyOf(ownerId: string): Promise<boolean> {
    return (await this.dataSource.query<unknown[]>('SELECT 1 FROM files WHERE owner_id = $1 LIMIT 1', [ownerId])).length > 0;
  }

  /** Gives up one's own file that nothing refers to. @returns whether it was there */
  async releaseFree(ownerId: string, id: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH gone AS (UPDATE files SET state = 'removing', remove_after = now()
         WHERE id = $1 AND owner_id = $2 AND state = 'ready' AND attached_id IS NULL RETURNING id)
       SELECT id FROM gone`,
      [id, ownerId],
    );
    return rows.length > 0;
  }

  /** Gives up files that nothing refers to, and those whose upload came to nothing. Ages in seconds. @returns how many */
  async releaseOrphans(age: { unattached: number; unfinished: number }, most: number): Promise<number> {
    const orphan = `attached_id IS NULL AND state <> 'removing'
      AND created_at < now() - make_interval(secs => CASE WHEN state = 'writing' THEN $2::float8 ELSE $1::float8 END)`;
    const rows = await this.dataSource.query<unknown[]>(
      `WITH gone AS (UPDATE files SET state = 'removing', remove_after = now()
         WHERE id IN (SELECT id FROM files WHERE ${orphan} AND created_at < now() - make_interval(secs => LEAST($1::float8, $2::float8)) ORDER BY created_at LIMIT $3)
           AND ${orphan} RETURNING id)
       SELECT id FROM gone`,
      [age.unattached, age.unfinished, most],
    );
    return rows.length;
  }

  /** Files whose objects are to be removed now. */
  async due(most: number): Promise<{ id: string }[]> {
    return this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM files WHERE state = 'removing' AND remove_after <= now() ORDER BY remove_after LIMIT $1`,
      [most],
    );
  }

  /** The objects are gone: forgets the file and gives its space back, once. */
  async forget(id: string): Promise<void> {
    await this.dataSource.query(
      `WITH gone AS (DELETE FROM files WHERE id = $1 AND state = 'removing' RETURNING owner_id, bytes)
       UPDATE file_usage u SET bytes = GREATEST(0, u.bytes - gone.bytes) FROM gone WHERE u.owner_id = gone.owner_id`,
      [id],
    );
  }

  /** Tries a removal again later. */
  async postpone(id: string, seconds: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE files SET remove_after = now() + make_interval(secs => $2::float8) WHERE id = $1 AND state = 'removing'`,
      [id, seconds],
    );
  }
}
