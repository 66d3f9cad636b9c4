import type { MailCipher } from './mail-cipher.js';
import { type RenderedMail, renderMail } from './render/render-mail.js';
import { mailLocale } from './templates/content.js';
import { isMailTemplate, type MailTemplateName, type MailTemplates } from './templates/index.js';

/** Of a stored mail what its secret is bound to and what it needs to be written. */
export interface StoredMail {
  id: string;
  recipient: string;
  locale: string;
  template: string;
  payload: string;
}

// The recipient is part of it: a sealed payload that is copied to another person's row does not open.
function contextOf(mail: Omit<StoredMail, 'payload' | 'locale'>): string {
  return JSON.stringify([mail.id, mail.recipient, mail.template]);
}

/** The params of a mail, sealed for its row. */
export function sealParams(
  cipher: MailCipher,
  mail: Omit<StoredMail, 'payload' | 'locale'>,
  params: MailTemplates[MailTemplateName],
): string {
  return cipher.seal(JSON.stringify(params), contextOf(mail));
}

/**
 * Writes a stored mail.
 * @throws Error when it cannot be opened (another JWT_ACCESS_SECRET) or this version does not know its template
 */
export function renderStored(cipher: MailCipher, mail: StoredMail): RenderedMail {
  if (!isMailTemplate(mail.template)) throw new Error('This version has no such mail template.');
  const params = JSON.parse(cipher.open(mail.payload, contextOf(mail))) as MailTemplates[typeof mail.template];
  return renderMail(mail.template, mailLocale(mail.locale), params);
}
