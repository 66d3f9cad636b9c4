import type { MailboxMail } from './dev-mailbox.js';
import { escapeHtml } from './render/escape.js';

const style = `
:root{color-scheme:light dark;--page:#f3f4f8;--card:#fff;--line:#e0e3eb;--strong:#1c1f2a;--quiet:#5c6273;--link:#3a54c4;--code:#eef0f7}
@media (prefers-color-scheme:dark){:root{--page:#14161d;--card:#1f222c;--line:#343948;--strong:#f0f2f8;--quiet:#a3a9ba;--link:#9fb2ff;--code:#2b2f3c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--strong);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.4rem;margin:0}
.about{color:var(--quiet);margin:.25rem 0 1.5rem;font-size:.9rem}
article{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem;margin:0 0 1rem}
h2{font-size:1.05rem;line-height:1.35;margin:0;overflow-wrap:anywhere}
.meta{color:var(--quiet);font-size:.875rem;margin:.25rem 0 0;display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between}
.meta>*{overflow-wrap:anywhere}
.code{font:700 2.25rem/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.15em;background:var(--code);border-radius:8px;text-align:center;padding:.5rem;margin:.9rem 0 0;user-select:all}
ul{list-style:none;margin:.9rem 0 0;padding:0;font-size:.9rem}
li{margin:.35rem 0 0}
a{color:var(--link);overflow-wrap:anywhere}
.whole{display:inline-block;margin:.9rem 0 0;font-size:.9rem}
.empty{text-align:center;color:var(--quiet);padding:3rem 1rem}`;

/** The development mailbox as a page that renews itself; works on a phone and in the dark. Everything from a mail is escaped. */
export function mailboxPage(mails: readonly (MailboxMail & { id: string })[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5">
<title>Development mailbox</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Development mailbox</h1>
<p class="about">No SMTP server is set, so mails end here, readable on this machine alone. Newest first; the page renews itself.</p>
${mails.length > 0 ? mails.map(card).join('\n') : '<article class="empty">No mail yet. Register an account, and its mail appears here.</article>'}
</main>
</body>
</html>
`;
}

function card(mail: MailboxMail & { id: string }): string {
  const links = mail.links.map((link) => `<li><a href="${escapeHtml(link)}" rel="noreferrer">${escapeHtml(link)}</a></li>`).join('');
  return `<article>
<h2>${escapeHtml(mail.subject)}</h2>
<p class="meta"><span>${escapeHtml(mail.to)}</span><time datetime="${escapeHtml(mail.at)}">${escapeHtml(`${mail.at.slice(0, 10)} ${mail.at.slice(11, 19)} UTC`)}</time></p>
${mail.code === null ? '' : `<p class="code">${escapeHtml(mail.code)}</p>`}
${links && `<ul>${links}</ul>`}
<a class="whole" href="/dev/mail/${escapeHtml(mail.id)}">See the mail as it looks</a>
</article>`;
}
