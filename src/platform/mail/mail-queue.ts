import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';
import { invalidFields } from '../../common/parse.js';
import { afterCommit } from '../../database/index.js';
import { parseMailAddress } from './mail-address.js';
import { MailCipher } from './mail-cipher.js';
import { sealParams } from './mail-payload.js';
import { MailEntity } from './mail.entity.js';
import { renderMail } from './render/render-mail.js';
import { mailLocale } from './templates/content.js';
import type { MailTemplateName, MailTemplates } from './templates/index.js';

/** One mail to one person. */
export interface NewMail<Name extends MailTemplateName> {
  /** One plain address. */
  to: string;
  /** The account's locale; English for one that mails are not written in. */
  locale: string | null | undefined;
  template: Name;
  params: MailTemplates[Name];
}

/** How mails leave: by SMTP, or into the development mailbox, where they count as delivered at once. */
export type MailDelivery = 'smtp' | 'mailbox';

/** The injection token of `MailDelivery`. */
export const MAIL_DELIVERY = Symbol('MAIL_DELIVERY');

/** Where features hand in mails. */
@Injectable()
export class MailQueue {
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly cipher: MailCipher,
    @Inject(MAIL_DELIVERY) private readonly delivery: MailDelivery,
  ) {}

  /**
   * Stores a mail within the caller's transaction (`inTransaction`); it leaves after the commit, and a rollback leaves none.
   * @returns the mail's id
   * @throws AppError `request.invalid` (field `email`) for what is not one plain address; Error for params that cannot be written, and outside
   *   of `inTransaction`
   */
  async enqueue<Name extends MailTemplateName>(manager: EntityManager, mail: NewMail<Name>): Promise<string> {
    if (parseMailAddress(mail.to) === null) throw invalidFields([{ field: 'email', code: 'format', message: 'must be an email address' }]);
    const locale = mailLocale(mail.locale);
    // Written once here, so that nothing is queued that could never be sent.
    renderMail(mail.template, locale, mail.params);
    const row = { id: newId(), recipient: mail.to, template: mail.template };
    await manager.insert(MailEntity, {
      ...row,
      locale,
      payload: sealParams(this.cipher, row, mail.params),
      // Not the beginning of the transaction: of two that waited for each other the later one's mail is the newer.
      createdAt: () => 'clock_timestamp()',
      ...(this.delivery === 'mailbox' ? { sentAt: () => 'now()' } : {}),
    });
    afterCommit(manager, () => this.kick());
    return row.id;
  }

  /** Forgets every mail to an address, sent or not, within the caller's transaction. */
  async forget(manager: EntityManager, address: string): Promise<void> {
    await manager.query('DELETE FROM mails WHERE lower(recipient) = lower($1)', [address]);
  }

  /** Wakes the sender; `enqueue` sees to it. */
  kick(): void {
    for (const listener of this.listeners) listener();
  }

  /** For the sender: hears every kick. */
  onKick(listener: () => void): void {
    this.listeners.push(listener);
  }
}
