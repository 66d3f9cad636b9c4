import { Injectable } from '@nestjs/common';
import { MailCipher } from './mail-cipher.js';
import { renderStored } from './mail-payload.js';
import { mailboxSize } from './mail-retention.js';
import { type KeptMail, MailStore } from './mail-store.js';

/** A mail as the development mailbox shows it. */
export interface MailboxMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  links: string[];
  code: string | null;
  /** ISO 8601. */
  at: string;
}

/** Reads the mails of a server that has no SMTP. */
@Injectable()
export class DevMailbox {
  constructor(
    private readonly store: MailStore,
    private readonly cipher: MailCipher,
  ) {}

  /**
   * Newest first.
   * @param to one recipient, without case; absent: everybody
   * @param limit 500 at most
   */
  async list(to?: string, limit: number = mailboxSize): Promise<(MailboxMail & { id: string })[]> {
    const kept = await this.store.newest(Math.min(limit, mailboxSize), to);
    return kept.flatMap((mail) => this.written(mail));
  }

  /** One mail, or null. */
  async find(id: string): Promise<MailboxMail | null> {
    const mail = await this.store.byId(id);
    return (mail && this.written(mail)[0]) ?? null;
  }

  /** Nothing for a mail that an older secret sealed: a data folder that changed hands must not break the page. */
  private written(mail: KeptMail): (MailboxMail & { id: string })[] {
    try {
      const { subject, text, html, links, code } = renderStored(this.cipher, mail);
      return [{ id: mail.id, to: mail.recipient, subject, text, html, links, code, at: new Date(mail.createdAt).toISOString() }];
    } catch {
      return [];
    }
  }
}
