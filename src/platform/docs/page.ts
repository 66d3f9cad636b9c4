const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Markup that is safe to put into a page. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Builds markup; values that are not markup themselves are escaped. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Markup | readonly Markup[])[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < values.length ? render(values[index]!) : '')).join(''));
}

function render(value: string | number | Markup | readonly Markup[]): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('\n');
  return String(value).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Text in which `words` stand for code, as in the contracts. */
export function prose(text: string): Markup {
  const parts = text.split(/`([^`]+)`/);
  return new Markup(parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`).text).join(''));
}

const sections = [
  ['/docs', 'REST'],
  ['/docs/realtime', 'Realtime'],
  ['/docs/errors', 'Errors'],
  ['/docs/postman.json', 'Postman'],
] as const;

/**
 * A whole page of the documentation.
 * @param head further tags: style sheets and scripts of this server alone, which is all that the policy of contents lets through
 */
export function page(title: string, path: string, body: Markup, head: Markup = new Markup('')): string {
  const links = sections.map(([to, name]) =>
    to === path ? html`<a href="${to}" aria-current="page">${name}</a>` : html`<a href="${to}">${name}</a>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Parley</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/docs/assets/docs.css" />
        ${head}
      </head>
      <body>
        <header>
          <a class="brand" href="/">Parley</a>
          <nav aria-label="Documentation">${links}</nav>
        </header>
        <main>${body}</main>
      </body>
    </html> `.text;
}

/** The style of all pages. */
export const styleSheet = `
:root { color-scheme: light; --ink: #1d2433; --soft: #5a6478; --line: #dfe3ea; --back: #f6f7f9; --brand: #3348c7; --code: #eef0f6; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: var(--ink); background: #fff; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.25rem; background: var(--ink); }
header a { color: #fff; text-decoration: none; padding: .35rem 0; }
header nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
header .brand { font-weight: 700; font-size: 1.1rem; }
header a[aria-current] { border-bottom: 2px solid #fff; }
header a:hover { text-decoration: underline; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
main.wide { max-width: none; padding: 0; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .25rem; overflow-wrap: anywhere; }
h3 code { font-size: 1rem; }
h4 { font-size: .8rem; margin: .9rem 0 .25rem; color: var(--soft); text-transform: uppercase; letter-spacing: .04em; }
a { color: var(--brand); }
:focus-visible { outline: 3px solid #f0a500; outline-offset: 2px; }
main:not(.wide) :is(code, pre) { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
main:not(.wide) code { background: var(--code); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
main:not(.wide) pre { background: var(--back); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; overflow-x: auto; margin: .4rem 0 1rem; }
main:not(.wide) pre code { background: none; padding: 0; overflow-wrap: normal; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: .85rem; }
td:first-child { white-space: nowrap; }
.who { font-size: .8rem; color: var(--soft); font-weight: 400; }
.list { columns: 14rem; padding-left: 1.1rem; }
details > summary { cursor: pointer; color: var(--brand); }
@media (max-width: 40rem) { td:first-child { white-space: normal; overflow-wrap: anywhere; } main { padding: .5rem 1rem 3rem; } h1 { font-size: 1.4rem; } }
.swagger-ui .info { margin: 1.5rem 0; }
.swagger-ui .wrapper { padding: 0 1.25rem; }
@media (max-width: 40rem) {
  .swagger-ui .wrapper { padding: 0 .75rem; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-description { flex: 1 1 100%; padding: .25rem 0; }
  .swagger-ui table.parameters, .swagger-ui .responses-table { display: block; overflow-x: auto; }
}
`;
