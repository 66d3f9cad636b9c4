export { parseMailAddress } from './mail-address.js';
export { MailEntity } from './mail.entity.js';
export { MailModule, type MailSettings } from './mail.module.js';
export { MailQueue, type NewMail } from './mail-queue.js';
export type { MailLocale } from './templates/content.js';
export type { MailTemplateName, MailTemplates } from './templates/index.js';
