import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UserAccounts } from '../users/index.js';
import { AccountCodesRepository } from './codes/account-codes.repository.js';
import { MailQuotas } from './codes/mail-quotas.js';
import { RevokedSessions } from './sessions/revoked-sessions.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SocketTickets } from './tokens/socket-tickets.js';

/** Between two rounds, in ms. Nothing waits for a round: what is over counts as gone when it is read. */
const every = 10 * 60_000;

/** Removes what is over: accounts that nobody activated, codes, sessions, tokens, revocations. Every node may do it. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('accounts');
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly accounts: UserAccounts,
    private readonly codes: AccountCodesRepository,
    private readonly quotas: MailQuotas,
    private readonly sessions: SessionsRepository,
    private readonly revoked: RevokedSessions,
    private readonly tickets: SocketTickets,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.round = this.tidy().catch((error: unknown) => {
        this.logger.warn(`Old accounts and sessions could not be removed: ${error instanceof Error ? error.message : 'unknown reason'}`);
      });
    }, every).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  /** One round. */
  async tidy(): Promise<void> {
    await this.accounts.purge();
    await this.codes.purge();
    await this.quotas.purge();
    await this.sessions.purge();
    await this.revoked.purge();
    await this.tickets.purge();
  }
}
