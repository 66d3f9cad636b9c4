import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import type { Announcement } from '../../contracts/index.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { type NewNotification, NotificationWriter } from './notification-writer.js';
import { mayAnnounce } from './notifications.policy.js';
import { OnlinePeople } from './online-people.js';

/** People of one transaction. */
const batchSize = 250;
/** Of those who are online, so many are told together with the announcement itself. */
const mostFirst = 1_000;
/** What a node that died has left behind is found after this, in ms. */
const lookEvery = 30_000;

interface Waiting {
  id: string;
  author_id: string | null;
  created_at: Date;
  first_told: string[];
  told_up_to: string | null;
}

/**
 * What admins tell everybody. People who are online are told at once, all others in small transactions in the background, in the order of
 * their ids; how far it has come is stored with each, so that a restart goes on there and nobody is told twice.
 */
@Injectable()
export class Announcements implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('notifications');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = true;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly writer: NotificationWriter,
    private readonly online: OnlinePeople,
  ) {}

  onApplicationBootstrap(): void {
    this.stopped = false;
    this.timer = setInterval(() => this.look(), lookEvery).unref();
    this.look();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Tells everybody who has an account by now. @throws AppError `auth.forbidden` */
  async announce(person: Person, message: string): Promise<Announcement> {
    if (!mayAnnounce(person)) throw new AppError('auth.forbidden');
    const first = this.online.all().slice(0, mostFirst);
    const announcement = { id: newId(), author_id: person.userId, created_at: new Date() };
    await inTransaction(this.dataSource, async (manager) => {
      const told = await manager.query<{ id: string }[]>(`SELECT id FROM users WHERE id = ANY($1::uuid[]) AND status = 'active'`, [first]);
      const people = told.map(({ id }) => id);
      await manager.query('INSERT INTO announcements (id, author_id, message, created_at, first_told) VALUES ($1, $2, $3, $4, $5)', [
        announcement.id,
        announcement.author_id,
        message,
        announcement.created_at,
        people,
      ]);
      await this.writer.add(manager, newsOf(announcement, people));
      afterCommit(manager, () => this.look());
    });
    return { id: announcement.id, message, createdAt: announcement.created_at.toISOString() };
  }

  /** Goes on with what waits. */
  private look(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.tellAll()
      .catch((error: unknown) => this.logger.warn({ error }, 'an announcement has not reached everybody yet; it goes on'))
      .finally(() => {
        this.running = null;
        if (this.again) {
          this.again = false;
          this.look();
        }
      });
  }

  private async tellAll(): Promise<void> {
    while (!this.stopped && (await inTransaction(this.dataSource, async (manager) => this.tellSome(manager))));
  }

  /** One batch. @returns whether there may be more */
  private async tellSome(manager: EntityManager): Promise<boolean> {
    const [waiting] = await manager.query<Waiting[]>(
      `SELECT id, author_id, created_at, first_told, told_up_to FROM announcements WHERE done_at IS NULL
       ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    if (!waiting) return false;
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM users WHERE status = 'active' AND activated_at <= $1 AND ($2::uuid IS NULL OR id > $2::uuid) ORDER BY id LIMIT $3`,
      [waiting.created_at, waiting.told_up_to, batchSize],
    );
    const first = new Set(waiting.first_told);
    const people = rows.map(({ id }) => id);
    const others = people.filter((id) => !first.has(id));
    await this.writer.add(manager, newsOf(waiting, others));
    await manager.query(
      'UPDATE announcements SET told_up_to = coalesce($2, told_up_to), done_at = CASE WHEN $3 THEN now() END WHERE id = $1',
      [waiting.id, people.at(-1) ?? null, people.length < batchSize],
    );
    return true;
  }
}

function newsOf({ id, author_id: author }: Pick<Waiting, 'id' | 'author_id'>, people: readonly string[]): NewNotification[] {
  return people.map((userId) => ({
    userId,
    kind: 'announcement',
    groupKey: `announcement:${id}`,
    actors: author === null ? [] : [author],
    data: { announcementId: id },
  }));
}
