import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { MailStore } from './mail-store.js';

/** How many mails the development mailbox keeps readable. */
export const mailboxSize = 500;
const maxAgeMs = 7 * 86_400_000;
const everyMs = 600_000;

/** Removes mails that are done with after seven days: addresses are personal data. */
@Injectable()
export class MailRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('mail');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(private readonly store: MailStore) {}

  onApplicationBootstrap(): void {
    const sweep = () => {
      this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
    };
    sweep();
    this.timer = setInterval(sweep, everyMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** One sweep. Never throws: the next one makes up for it. */
  async sweep(): Promise<void> {
    try {
      await this.store.removeSettled(maxAgeMs, mailboxSize);
    } catch (error) {
      this.logger.warn(`Old mails could not be removed: ${error instanceof Error ? error.name : 'unknown'}.`);
    }
  }
}
