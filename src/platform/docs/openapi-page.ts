import { html, page } from './page.js';

/** The page for people at /docs: Swagger UI on our own document, with all of its files from this server. */
export function openApiPage(): string {
  return page(
    'REST interface',
    '/docs',
    html`<div id="swagger-ui"></div>
      <noscript
        ><p>This page needs JavaScript. The document itself is at <a href="/docs/openapi.json">/docs/openapi.json</a>.</p></noscript
      >`,
    html`<link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
      <script src="/docs/assets/swagger-ui-bundle.js" defer></script>
      <script src="/docs/assets/openapi.js" defer></script>`,
  ).replace('<main>', '<main class="wide">');
}

/** Starts Swagger UI. No validator: the page asks nobody but this server, by the name under which it was opened. */
export const openApiScript = `
window.addEventListener('DOMContentLoaded', () => {
  window.ui = SwaggerUIBundle({
    url: '/docs/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    persistAuthorization: false,
    validatorUrl: null,
    requestInterceptor: (request) => {
      const { pathname, search } = new URL(request.url, location.href);
      return { ...request, url: location.origin + pathname + search };
    },
  });
});
`;
