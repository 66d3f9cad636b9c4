import type { MailBlock, MailContent, MailLocale } from '../templates/content.js';
import { frameWords } from './frame.js';

/** The plain text of a mail. Each link stands on a line of its own, so that programs do not cut it. */
export function textOf(content: MailContent, locale: MailLocale): string {
  const parts = [content.heading, ...content.blocks.map(blockText), `-- \n${frameWords[locale].footer}`];
  return `${parts.join('\n\n')}\n`;
}

function blockText(block: MailBlock): string {
  switch (block.kind) {
    case 'paragraph':
    case 'note':
      return block.text;
    case 'code':
      return `${block.label}\n\n    ${block.code}`;
    case 'action':
      return `${block.label}:\n${block.href}`;
    case 'link':
      return `${block.label}\n${block.href}`;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'facts':
      return block.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
  }
}
