import { accountDeletion } from './account-deletion.js';
import { activation } from './activation.js';
import { alreadyRegistered } from './already-registered.js';
import type { MailContent, MailLocale } from './content.js';
import { emailChange } from './email-change.js';
import { emailChanged } from './email-changed.js';
import { emailInUse } from './email-in-use.js';
import { passwordChange } from './password-change.js';
import { exportReady } from './export-ready.js';
import { notificationDigest } from './notification-digest.js';
import { passwordChanged } from './password-changed.js';
import { passwordReset } from './password-reset.js';
import { sessionTheft } from './session-theft.js';

/**
 * Every mail that Parley writes. A new one is a file beside these and a line here. The names are stored with waiting mails: renaming one loses
 * those that still wait.
 */
export const mailTemplates = {
  activation,
  'already-registered': alreadyRegistered,
  'email-change': emailChange,
  'email-changed': emailChanged,
  'email-in-use': emailInUse,
  'password-change': passwordChange,
  'password-reset': passwordReset,
  'password-changed': passwordChanged,
  'session-theft': sessionTheft,
  'export-ready': exportReady,
  'account-deletion': accountDeletion,
  'notification-digest': notificationDigest,
} as const satisfies Record<string, (locale: MailLocale, params: never) => MailContent>;

/** The params of each template, by its name. They are stored as JSON, so they are JSON: times are ISO texts. */
export type MailTemplates = { [Name in keyof typeof mailTemplates]: Parameters<(typeof mailTemplates)[Name]>[1] };

export type MailTemplateName = keyof MailTemplates;

/** Whether a stored name is one of a template that this version has. */
export function isMailTemplate(name: string): name is MailTemplateName {
  return Object.hasOwn(mailTemplates, name);
}
