import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { inTransaction } from '../../database/index.js';
import { MailQueue } from '../../platform/mail/index.js';
import { PersonalFeed, UserAccounts } from '../users/index.js';
import { type DigestCandidate, DigestRepository } from './digest.repository.js';
import { NotificationPreferencesStore } from './notification-preferences.store.js';
import { NotificationViews } from './notification-views.js';
import { OnlinePeople } from './online-people.js';
import { PeopleSeen } from './people-seen.js';
import { isQuiet } from './quiet-hours.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

const minute = 60_000;
/** Between two looks. */
const lookEvery = minute;
/** Whoever was here this short a while ago needs no mail. */
const awayFor = 30 * minute;
/** The first unread notification waits this long for company. */
const gatherFor = 10 * minute;
/** One mail in this time. */
const mailEvery = 4 * 60 * minute;
/** People of one query. */
const batchSize = 200;
/** Notifications that the mail speaks of one by one. */
const mostLines = 10;

/**
 * One mail, and not twenty, to people who have unread notifications and are not here: at most every four hours, none in their quiet hours, and
 * each notification once.
 */
@Injectable()
export class NotificationDigest implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('notifications');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'frontendUrl'>,
    private readonly repository: DigestRepository,
    private readonly preferences: NotificationPreferencesStore,
    private readonly views: NotificationViews,
    private readonly accounts: UserAccounts,
    private readonly feed: PersonalFeed,
    private readonly mails: MailQueue,
    private readonly links: UnsubscribeLinks,
    private readonly online: OnlinePeople,
    private readonly seen: PeopleSeen,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.running
        .then(async () => this.run(new Date()))
        .catch((error: unknown) => this.logger.warn({ error }, 'unread notifications were not mailed; the next round tries again'));
    }, lookEvery).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round. @param now the moment it counts from @returns how many mails it wrote */
  async run(now: Date): Promise<number> {
    await this.seen.write(now);
    let written = 0;
    let after: string | null = null;
    for (;;) {
      const candidates: DigestCandidate[] = await this.repository.candidates(after, batchSize);
      const due = candidates.filter((one) => this.isDue(one, now));
      const wishes = await this.preferences.of(
        this.dataSource.manager,
        due.map(({ user_id: userId }) => userId),
      );
      for (const { user_id: userId } of due) {
        const wish = wishes.get(userId);
        if (wish?.mail && !isQuiet(wish.quietHours, now) && (await this.mail(userId, now))) written++;
      }
      after = candidates.at(-1)?.user_id ?? null;
      if (candidates.length < batchSize) return written;
    }
  }

  private isDue({ user_id: userId, since, seen_at: seenAt, mailed_at: mailedAt }: DigestCandidate, now: Date): boolean {
    const passed = (moment: Date | null, ms: number) => moment === null || now.getTime() - moment.getTime() >= ms;
    return !this.online.has(userId) && passed(since, gatherFor) && passed(seenAt, awayFor) && passed(mailedAt, mailEvery);
  }

  /** @returns whether a mail was written: another node may have been quicker */
  private async mail(userId: string, now: Date): Promise<boolean> {
    const account = await this.accounts.byId(userId);
    // Asked before the transaction: inside, nothing but SQL is awaited.
    const views = await this.views.byIds((await this.repository.pending(this.dataSource.manager, userId)).slice(0, mostLines));
    return inTransaction(this.dataSource, async (manager) => {
      await this.feed.lock(manager, [userId]);
      const reach = await this.repository.lockReach(manager, userId);
      const ids = await this.repository.pending(manager, userId);
      if (ids.length === 0 || !this.isDue({ user_id: userId, since: new Date(0), ...reach }, now)) return false;
      await this.repository.clearPending(manager, userId);
      if (account?.status !== 'active') return false;
      await this.repository.noteMailed(manager, userId, now);
      const lines = ids.flatMap((id) => views.get(id)?.text ?? []);
      await this.mails.enqueue(manager, {
        to: account.email,
        locale: account.locale,
        template: 'notification-digest',
        params: {
          total: ids.length,
          lines,
          openLink: `${this.settings.frontendUrl}/`,
          unsubscribeLink: this.links.link(userId),
        },
      });
      return true;
    });
  }
}
