import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type JobOutcome, Tracing } from '../telemetry/index.js';
import { retryDelayMs } from './backoff.js';
import { MailCipher } from './mail-cipher.js';
import { renderStored } from './mail-payload.js';
import { MailQueue } from './mail-queue.js';
import { type ClaimedMail, MailStore } from './mail-store.js';
import { MAIL_TRANSPORT, MailRefused, type MailTransport } from './mail-transport.js';
import { pause } from './pause.js';

/** How the sender works; all times in milliseconds. */
export interface MailSenderOptions {
  /** Mails on their way at once. */
  concurrency: number;
  /** Between two looks for due mails when nobody kicks. */
  pollMs: number;
  /** The longest that one delivery may take; below the lease, so that nobody else sends the mail meanwhile. */
  sendMs: number;
  /** After that a mail of a dead worker is taken by another. */
  leaseMs: number;
  /** After that a mail is given up. */
  giveUpMs: number;
  /** What a stop grants to the mails in hand. */
  stopMs: number;
}

export const mailSenderDefaults: MailSenderOptions = {
  concurrency: 4,
  pollMs: 5_000,
  sendMs: 25_000,
  leaseMs: 40_000,
  giveUpMs: 3 * 86_400_000,
  stopMs: 8_000,
};

/** The injection token of `MailSenderOptions`. */
export const MAIL_SENDER_OPTIONS = Symbol('MAIL_SENDER_OPTIONS');

/**
 * Sends waiting mails, on every node: whoever claims one has it for the length of a lease. A mail is sent twice only when a worker dies
 * between the server's yes and the note of it.
 */
@Injectable()
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly inHand = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  /** Whether the last look left due mails behind, for lack of hands. */
  private moreMayWait = false;
  private stopped = true;
  private serverBroken = false;
  /** Counted for whoever watches. */
  readonly counts = { sent: 0, postponed: 0, 'given-up': 0 };

  constructor(
    private readonly store: MailStore,
    private readonly cipher: MailCipher,
    @Inject(MAIL_TRANSPORT) private readonly transport: MailTransport,
    @Inject(MAIL_SENDER_OPTIONS) private readonly options: MailSenderOptions,
    private readonly tracing: Tracing,
    queue: MailQueue,
  ) {
    queue.onKick(() => this.look());
  }

  onApplicationBootstrap(): void {
    this.stopped = false;
    this.look();
  }

  /** Takes no further mail and waits for those in hand; one that takes too long is cut off and tried again later. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const limit = setTimeout(() => this.stopping.abort(), this.options.stopMs);
    await this.looking;
    await Promise.all(this.inHand.values());
    clearTimeout(limit);
    this.stopping.abort();
    this.transport.close();
  }

  /** Looks for due mails now, or once more if it is just looking. */
  private look(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    if (this.looking) {
      this.lookAgain = true;
      return;
    }
    this.looking = this.claim().finally(() => {
      this.looking = undefined;
      if (this.stopped) return;
      if (this.lookAgain) {
        this.lookAgain = false;
        this.look();
        return;
      }
      this.timer = setTimeout(() => this.look(), this.options.pollMs).unref();
    });
  }

  private async claim(): Promise<void> {
    const free = this.options.concurrency - this.inHand.size;
    this.moreMayWait = true;
    if (free <= 0) return;
    try {
      const claimed = await this.store.claim(free, this.options.leaseMs);
      this.moreMayWait = claimed.length === free;
      for (const mail of claimed) this.take(mail);
    } catch (error) {
      this.logger.warn(`Waiting mails could not be read: ${nameOf(error)}. Trying again in ${this.options.pollMs / 1000} s.`);
    }
  }

  private take(mail: ClaimedMail): void {
    // Its lease ran out while the database did not take the note of what became of it: claiming it again only prolonged the lease.
    if (this.inHand.has(mail.id)) return;
    const attributes = { 'parley.mail.template': mail.template, 'parley.mail.attempt': mail.attempts };
    const work = this.tracing
      .job('send mail', attributes, async () => this.deliver(mail))
      .finally(() => {
        this.inHand.delete(mail.id);
        if (this.moreMayWait) this.look();
      });
    this.inHand.set(mail.id, work);
  }

  /** Never throws. */
  private async deliver(mail: ClaimedMail): Promise<JobOutcome> {
    const refusal = await this.send(mail);
    if (!refusal) {
      this.counts.sent++;
      await this.note(() => this.store.markSent(mail.id));
      await this.serverAnswered();
      return 'done';
    }
    if (refusal.scope === 'never' || mail.ageMs > this.options.giveUpMs) {
      this.counts['given-up']++;
      this.logger.warn(`A mail was given up after ${mail.attempts} attempts: ${refusal.reason} (${mail.template}, ${mail.id}).`);
      await this.note(() => this.store.giveUp(mail.id, refusal.reason));
      return 'failed';
    }
    this.counts.postponed++;
    this.tell(refusal, mail);
    await this.note(() => this.store.retryIn(mail.id, retryDelayMs(mail.attempts), refusal.reason));
    return 'postponed';
  }

  /** A broken server is told once, not once a mail. */
  private tell(refusal: MailRefused, mail: ClaimedMail): void {
    if (refusal.scope === 'server' && this.serverBroken) return;
    this.serverBroken ||= refusal.scope === 'server';
    this.logger.warn(`A mail could not be sent yet: ${refusal.reason} (${mail.template}, ${mail.id}, attempt ${mail.attempts}).`);
  }

  /** @returns null when the server took the mail */
  private async send(mail: ClaimedMail): Promise<MailRefused | null> {
    let rendered;
    try {
      rendered = renderStored(this.cipher, mail);
    } catch {
      // Another node may run the version or hold the secret that can read it: not final.
      return new MailRefused('mail', 'UNREADABLE');
    }
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(this.options.sendMs), this.stopping.signal]);
      const { subject, text, html, unsubscribe } = rendered;
      await this.transport.send({ id: mail.id, to: mail.recipient, subject, text, html, unsubscribe }, signal);
      return null;
    } catch (error) {
      return error instanceof MailRefused ? error : new MailRefused('mail', nameOf(error));
    }
  }

  /** After an outage the server works again: what it did not take is tried now, not at the end of its pause. */
  private async serverAnswered(): Promise<void> {
    if (!this.serverBroken) return;
    this.serverBroken = false;
    this.logger.log('The mail server takes mails again.');
    await this.note(() => this.store.bringForward());
    this.look();
  }

  /** Writes down what became of a mail, as often as it takes: a lost note would be a mail sent twice. */
  private async note(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.stopping.signal.aborted) {
          this.logger.error(`The server stops while the database does not take what became of a mail: ${nameOf(error)}.`);
          return;
        }
        await pause(1_000, this.stopping.signal);
      }
    }
  }
}

/** What kind of error it was, without its message: that may quote a statement's parameters. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
