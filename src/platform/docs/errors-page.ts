import { errorCatalogue } from '../../contracts/index.js';
import { closeCodeTable } from './asyncapi.js';
import { html, page, prose } from './page.js';

/** The page at /docs/errors: every word of the catalogue and every close code. */
export function errorsPage(): string {
  const rows = Object.entries<{ status: number; message: string; close?: number }>(errorCatalogue).map(
    ([code, { status, message, close }]) =>
      html`<tr id="${code}">
        <td><code>${code}</code></td>
        <td>${status}</td>
        <td>${close ?? ''}</td>
        <td>${prose(message)}</td>
      </tr>`,
  );
  const closing = closeCodeTable().map(
    ({ code, meaning, reconnects }) =>
      html`<tr>
        <td>${code}</td>
        <td>${prose(meaning)}</td>
        <td>${reconnects ? 'yes' : 'no'}</td>
      </tr>`,
  );
  return page(
    'Errors',
    '/docs/errors',
    html`<h1>Errors</h1>
      <p>
        The same words on REST, Socket.IO and plain WebSocket. On REST an error is a problem document
        (<code>application/problem+json</code>, RFC 9457) with the word in <code>code</code>; in an acknowledgement it is
        <code>{"ok":false,"error":{"code","message"}}</code>. A 422 also names the fields in <code>errors</code>; a 429 says in
        <code>Retry-After</code> (seconds) when to come back.
      </p>
      <pre><code>${example}</code></pre>
      <h2 id="codes">The catalogue</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Code</th>
              <th>Status</th>
              <th>Closes with</th>
              <th>What it says</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
      <h2 id="close-codes">Close codes of WebSockets</h2>
      <p>
        On Socket.IO an event <code>error</code> with <code>code</code> and <code>close</code> comes first. The codes marked “yes” end the
        transport, and Socket.IO clients connect again by themselves; the others disconnect for good.
      </p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Code</th>
              <th>Meaning</th>
              <th>Reconnects</th>
            </tr>
          </thead>
          <tbody>
            ${closing}
          </tbody>
        </table>
      </div>`,
  );
}

const example = JSON.stringify(
  {
    type: 'about:blank',
    title: 'Invalid request',
    status: 422,
    code: 'request.invalid',
    detail: errorCatalogue['request.invalid'].message,
    instance: '/api/v1/auth/register',
    requestId: '3f09a1-2k',
    errors: [{ field: 'email', code: 'required', message: 'is required' }],
  },
  null,
  2,
);
