import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { caseKey } from '../../common/case-key.js';
import type { AdminRoom, AdminUser, Report, ReportKind } from '../../contracts/index.js';
import type { SiteRole } from '../users/index.js';
import type { ReportRow } from './reports.service.js';

interface UserRow {
  id: string;
  username: string;
  email: string;
  first_name: string;
  last_name: string;
  avatar_url: string | null;
  role: SiteRole;
  status: string;
  muted_until: Date | null;
  suspended_until: Date | null;
  created_at: Date;
}

export interface AuditRow {
  id: string;
  actor_id: string | null;
  action: string;
  subject_kind: string;
  subject_id: string;
  detail: Record<string, string | number | null>;
  at: Date;
}

const userColumns = 'id, username, email, first_name, last_name, avatar_url, role, status, muted_until, suspended_until, created_at';

/**
 * The lists of the administration. Each goes along an index by id (ids rise with time), or along a key where a text finds what begins with
 * it; the cursor is the last row's id.
 */
@Injectable()
export class AdminListsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Accounts, the newest first; with a text in the order of usernames, then those whose email alone begins like it. */
  async users(
    {
      query,
      role,
      sanctioned,
    }: { query?: string | undefined; role?: SiteRole | undefined; sanctioned?: 'muted' | 'suspended' | undefined },
    limit: number,
    beyond: string | null,
  ): Promise<AdminUser[]> {
    const filter = `($3::text IS NULL OR u.role = $3)
      ${sanctioned === undefined ? '' : `AND u.${sanctioned}_until IS NOT NULL AND u.${sanctioned}_until > now()`}`;
    if (query === undefined || query === '') {
      const rows = await this.dataSource.query<UserRow[]>(
        `SELECT ${userColumns} FROM users u WHERE ($1::uuid IS NULL OR u.id < $1::uuid) AND ${filter} ORDER BY u.id DESC LIMIT $2`,
        [beyond, limit, role ?? null],
      );
      return rows.map(toAdminUser);
    }
    // Each part goes along the index of its key, in the order of that index, from the row that the page before ended with.
    const last = (key: string) => `(SELECT l.${key} FROM users l WHERE l.id = $1)`;
    const part = async (key: string, from: string, most: number) =>
      this.dataSource.query<UserRow[]>(
        `SELECT ${userColumns} FROM users u WHERE ${key} LIKE $4 AND ${filter} AND ${from} ORDER BY ${key} USING ~<~ LIMIT $2`,
        [beyond, most, role ?? null, prefixOf(query)],
      );
    const rows = await part(
      'username_key',
      `($1::uuid IS NULL OR username_key ~>~ ${last('username_key')} AND ${last('username_key')} LIKE $4)`,
      limit,
    );
    if (rows.length < limit) {
      const byEmail = `NOT username_key LIKE $4 AND ($1::uuid IS NULL OR ${last('username_key')} LIKE $4 OR email_key ~>~ ${last('email_key')})`;
      rows.push(...(await part('email_key', byEmail, limit - rows.length)));
    }
    return rows.map(toAdminUser);
  }

  async user(id: string): Promise<AdminUser | null> {
    const rows = await this.dataSource.query<UserRow[]>(`SELECT ${userColumns} FROM users WHERE id = $1`, [id]);
    return rows[0] ? toAdminUser(rows[0]) : null;
  }

  /** Rooms of every kind but direct ones, the newest first; with a text in the order of their names. */
  async rooms(query: string | undefined, limit: number, beyond: string | null): Promise<AdminRoom[]> {
    const prefix = query === undefined || query === '' ? null : prefixOf(query);
    const rows = await this.dataSource.query<
      {
        id: string;
        name: string;
        title: string;
        kind: string;
        member_count: number;
        last_seq: string;
        created_at: Date;
        last_activity_at: Date;
      }[]
    >(
      `SELECT id, name, title, kind, member_count, last_seq, created_at, last_activity_at FROM rooms
       WHERE kind <> 'direct' AND ${
         prefix === null
           ? '$3::text IS NULL AND ($1::uuid IS NULL OR id < $1::uuid) ORDER BY id DESC'
           : 'name_key LIKE $3 AND ($1::uuid IS NULL OR name_key ~>~ (SELECT l.name_key FROM rooms l WHERE l.id = $1)) ORDER BY name_key USING ~<~'
       } LIMIT $2`,
      [beyond, limit, prefix],
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      title: row.title,
      kind: row.kind,
      memberCount: row.member_count,
      messageCount: Number(row.last_seq),
      createdAt: row.created_at.toISOString(),
      lastActivityAt: row.last_activity_at.toISOString(),
    }));
  }

  /** Messages of public rooms that were not deleted. */
  async messageIds(authorId: string | null, limit: number, before: string | null): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT m.id FROM messages m JOIN rooms r ON r.id = m.room_id AND r.kind = 'public'
       WHERE ($1::uuid IS NULL OR m.id < $1::uuid) AND ($3::uuid IS NULL OR m.author_id = $3::uuid) AND m.deleted_at IS NULL
       ORDER BY m.id DESC LIMIT $2`,
      [before, limit, authorId],
    );
    return rows.map((row) => row.id);
  }

  async postIds(authorId: string | null, limit: number, before: string | null): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM posts WHERE ($1::uuid IS NULL OR id < $1::uuid) AND ($3::uuid IS NULL OR author_id = $3::uuid) ORDER BY id DESC LIMIT $2`,
      [before, limit, authorId],
    );
    return rows.map((row) => row.id);
  }

  /** Reports of one status, the oldest first. */
  async reports(status: Report['status'], kind: ReportKind | undefined, limit: number, after: string | null): Promise<ReportRow[]> {
    return this.dataSource.query<ReportRow[]>(
      `SELECT * FROM reports WHERE status = $1 AND ($2::uuid IS NULL OR id > $2::uuid) AND ($4::text IS NULL OR kind = $4) ORDER BY id LIMIT $3`,
      [status, after, limit, kind ?? null],
    );
  }

  async audit(actorId: string | null, limit: number, before: string | null): Promise<AuditRow[]> {
    return this.dataSource.query<AuditRow[]>(
      `SELECT * FROM audit_log WHERE ($1::uuid IS NULL OR id < $1::uuid) AND ($3::uuid IS NULL OR actor_id = $3::uuid) ORDER BY id DESC LIMIT $2`,
      [before, limit, actorId],
    );
  }
}

function prefixOf(query: string): string {
  return `${caseKey(query).replace(/[\\%_]/g, '\\$&')}%`;
}

function toAdminUser(row: UserRow): AdminUser {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    displayName: `${row.first_name} ${row.last_name}`.trim() || row.username,
    avatarUrl: row.avatar_url,
    role: row.role,
    status: row.status,
    mutedUntil: row.muted_until?.toISOString() ?? null,
    suspendedUntil: row.suspended_until?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
