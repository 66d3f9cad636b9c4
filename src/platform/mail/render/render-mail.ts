import { mailTemplates, type MailTemplateName, type MailTemplates } from '../templates/index.js';
import type { MailBlock, MailContent, MailLocale } from '../templates/content.js';
import { htmlOf } from './html.js';
import { textOf } from './text.js';

/** A finished mail, with what a program wants of it picked out. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
  /** Every address a reader can open, in the order of the mail. */
  links: string[];
  code: string | null;
  /** For the header that lets mail programs end mails of this kind. */
  unsubscribe: string | null;
}

/**
 * Writes a mail.
 * @throws Error when a link is not a plain http or https address, RangeError when a time is none: nothing else a param can hold does harm
 */
export function renderMail<Name extends MailTemplateName>(name: Name, locale: MailLocale, params: MailTemplates[Name]): RenderedMail {
  const write = mailTemplates[name] as (locale: MailLocale, params: MailTemplates[Name]) => MailContent;
  const content = write(locale, params);
  const blocks = content.blocks.map(checked);
  const links = blocks.flatMap((block) => (block.kind === 'action' || block.kind === 'link' ? [block.href] : []));
  const code = blocks.find((block) => block.kind === 'code')?.code ?? null;
  return {
    subject: content.subject,
    text: textOf({ ...content, blocks }, locale),
    html: htmlOf({ ...content, blocks }, locale),
    links,
    code,
    unsubscribe: content.unsubscribe === undefined ? null : plainWebLink(content.unsubscribe),
  };
}

function checked(block: MailBlock): MailBlock {
  if (block.kind === 'action' || block.kind === 'link') return { ...block, href: plainWebLink(block.href) };
  if (block.kind === 'list') return { ...block, items: block.items.map(oneShortLine) };
  if (block.kind === 'facts') return { ...block, facts: block.facts.map(({ label, value }) => ({ label, value: oneShortLine(value) })) };
  return block;
}

/** The message of the error does not repeat the link: it may carry a token. */
function plainWebLink(link: string): string {
  const url = /^https?:\/\/[^\s<>"'`\\\p{C}]+$/u.test(link) && URL.canParse(link) ? new URL(link) : null;
  if (!url || url.username || url.password) throw new Error('A link in a mail must be a plain http or https address.');
  return link;
}

/** What others may have written (a device's name) stays one short line, so that it cannot pose as a part of the mail. */
function oneShortLine(value: string): string {
  const line = value.replace(/[\s\p{C}]+/gu, ' ').trim();
  const points = [...line];
  return points.length > 120 ? `${points.slice(0, 119).join('')}…` : line;
}
