import type { MailBlock, MailContent, MailLocale } from '../templates/content.js';
import { escapeHtml } from './escape.js';
import { frameWords } from './frame.js';

// Mail programs know tables and inline styles; the style element only adds the dark colours where it is understood.
// No colour is written with six decimal digits: people (and tests) look for the six-digit code with a pattern.
const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const style = {
  page: 'margin:0;padding:0;background-color:#eef0f4',
  card: 'max-width:520px;background-color:#ffffff;border-radius:12px',
  brand: `${font};font-size:15px;line-height:20px;font-weight:700;color:#3a54c4;padding:0 4px 12px`,
  heading: `${font};margin:0 0 16px;font-size:22px;line-height:30px;font-weight:700;color:#1c1f2a`,
  paragraph: `${font};margin:0 0 16px;font-size:16px;line-height:24px;color:#2f3444`,
  list: `${font};margin:0 0 16px;padding:0 0 0 20px;font-size:16px;line-height:24px;color:#2f3444`,
  item: 'margin:0 0 6px;word-break:break-word',
  note: `${font};margin:24px 0 0;padding:16px 0 0;border-top:1px solid #dfe2ea;font-size:14px;line-height:21px;color:#5c6273`,
  button: `${font};display:inline-block;padding:13px 26px;font-size:16px;line-height:22px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:8px;background-color:#3a54c4`,
  small: `${font};margin:0 0 20px;font-size:13px;line-height:20px;color:#5c6273`,
  link: 'color:#3a54c4;word-break:break-all',
  code: "margin:0 0 20px;padding:14px 8px;border-radius:8px;background-color:#eef0f4;font-family:Menlo,Consolas,'Courier New',monospace;font-size:32px;line-height:40px;font-weight:700;letter-spacing:6px;text-align:center;color:#1c1f2a",
  factLabel: `${font};padding:0 16px 6px 0;font-size:14px;line-height:21px;color:#5c6273;vertical-align:top;white-space:nowrap`,
  factValue: `${font};padding:0 0 6px;font-size:14px;line-height:21px;color:#1c1f2a;word-break:break-word`,
  footer: `${font};padding:16px 4px 0;font-size:12px;line-height:18px;color:#5c6273`,
} as const;

const darkColours = [
  '.page{background-color:#14161d!important}',
  '.card{background-color:#1f222c!important}',
  '.strong{color:#f3f4f8!important}',
  '.plain{color:#d5d8e2!important}',
  '.quiet{color:#a3a9ba!important;border-color:#3a3f4e!important}',
  '.link{color:#9fb2ff!important}',
  '.code{background-color:#2b2f3c!important;color:#f3f4f8!important}',
  '.button{background-color:#4a66dc!important;color:#ffffff!important}',
].join('');

/** The HTML of a mail: one column, a real button, readable in the dark. Every value is escaped. */
export function htmlOf(content: MailContent, locale: MailLocale): string {
  const frame = frameWords[locale];
  const preview = content.blocks.find((block) => block.kind === 'paragraph')?.text ?? '';
  return `<!DOCTYPE html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(content.subject)}</title>
<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){${darkColours}}</style>
</head>
<body class="page" style="${style.page}">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="${style.page}"><tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px"><tr><td class="link" align="left" style="${style.brand}">Parley</td></tr></table>
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="${style.card}"><tr><td align="left" style="padding:28px 24px">
<h1 class="strong" style="${style.heading}">${escapeHtml(content.heading)}</h1>
${content.blocks.map((block) => blockHtml(block, locale)).join('\n')}
</td></tr></table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px"><tr><td class="quiet" align="left" style="${style.footer}">${escapeHtml(frame.footer)}</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function blockHtml(block: MailBlock, locale: MailLocale): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p class="plain" style="${style.paragraph}">${escapeHtml(block.text)}</p>`;
    case 'note':
      return `<p class="quiet" style="${style.note}">${escapeHtml(block.text)}</p>`;
    case 'code':
      return `<p class="plain" style="${style.paragraph}">${escapeHtml(block.label)}</p>\n<p class="code" style="${style.code}">${escapeHtml(block.code)}</p>`;
    case 'action':
      return buttonHtml(block.label, block.href, frameWords[locale].linkBelow);
    case 'link':
      return `<p class="plain" style="${style.paragraph}">${escapeHtml(block.label)}<br>${anchor(block.href)}</p>`;
    case 'list':
      return `<ul class="plain" style="${style.list}">${block.items.map((item) => `<li style="${style.item}">${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return factsHtml(block.facts);
  }
}

function anchor(href: string): string {
  return `<a class="link" href="${escapeHtml(href)}" style="${style.link}">${escapeHtml(href)}</a>`;
}

function buttonHtml(label: string, href: string, linkBelow: string): string {
  return `<p style="margin:24px 0 16px"><a class="button" href="${escapeHtml(href)}" style="${style.button}">${escapeHtml(label)}</a></p>
<p class="quiet" style="${style.small}">${escapeHtml(linkBelow)}<br>${anchor(href)}</p>`;
}

function factsHtml(facts: { label: string; value: string }[]): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><td class="quiet" style="${style.factLabel}">${escapeHtml(label)}</td><td class="strong" style="${style.factValue}">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">${rows.join('')}</table>`;
}
