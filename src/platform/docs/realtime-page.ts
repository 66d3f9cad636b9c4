import { type Command, commands, type EventDefinition, events, legacyServerFrames } from '../../contracts/index.js';
import { type AsyncApiDocument, commandErrors } from './asyncapi.js';
import type { JsonSchema } from './json-schema.js';
import { html, type Markup, page, prose } from './page.js';

/** The page for people at /docs/realtime, made of the AsyncAPI document. */
export function realtimePage(document: AsyncApiDocument, publicUrl: string): string {
  const view = new RealtimeView(document);
  const socketUrl = publicUrl.replace(/^http/, 'ws');
  return page(
    'Realtime interface',
    '/docs/realtime',
    html`<h1>Realtime interface</h1>
      <p>
        One set of commands and events on two transports. The same as a document for tools: <a href="/docs/realtime.json">AsyncAPI 3.0</a>.
        What can go wrong: <a href="/docs/errors">errors</a> and <a href="/docs/errors#close-codes">close codes</a>.
      </p>
      <h2 id="begin">Begin</h2>
      <h3>Plain WebSocket, from a terminal</h3>
      <pre><code>${wscat(publicUrl, socketUrl)}</code></pre>
      <h3>Socket.IO</h3>
      <pre><code>${socketIo(publicUrl)}</code></pre>
      <h3>A browser without a library</h3>
      <pre><code>${browser(socketUrl)}</code></pre>
      <h2 id="credentials">Who may connect</h2>
      <p>
        The first credential that is present decides alone: <code>?token=</code>, <code>?ticket=</code> (single use, 30 seconds, from
        <code>POST /api/v1/auth/socket-ticket</code>), <code>auth.token</code> of Socket.IO, <code>Authorization: Bearer</code>, the
        sub-protocols <code>parley, bearer.TOKEN</code>, the cookie. A bad one refuses the connection: <code>connect_error</code> with
        <code>data.code</code> on Socket.IO, one error frame and close code 4401 on plain sockets. Without any, people are guests where a
        room allows guests: they read.
      </p>
      <h2 id="frames">How commands are answered</h2>
      <p>
        Socket.IO: the callback gets <code>{ok: true, data}</code> or <code>{ok: false, error: {code, message}}</code>. Plain WebSocket:
        send <code>{"event","data","id"}</code>, and the answer carries the same <code>id</code>. A command sent without asking for an
        answer reports its failure as the event <code>error</code>.
      </p>
      <h2 id="commands">Commands</h2>
      <ul class="list">
        ${Object.keys(commands).map(
          (name) =>
            html`<li>
              <a href="#${name}"><code>${name}</code></a>
            </li>`,
        )}
      </ul>
      ${Object.entries<Command>(commands).map(([name, definition]) => view.command(name, definition))}
      <h2 id="events">Events</h2>
      <ul class="list">
        ${Object.keys(events).map(
          (name) =>
            html`<li>
              <a href="#event-${name}"><code>${name}</code></a>
            </li>`,
        )}
      </ul>
      ${Object.entries<EventDefinition>(events).map(([name, definition]) => view.event(name, definition))}
      <h2 id="shapes">Shapes</h2>
      ${Object.entries(document.components.schemas).map(
        ([name, schema]) =>
          html`<h3 id="shape-${name}"><code>${name}</code></h3>
            ${view.fields(schema)}`,
      )}
      <h2 id="old-clients">Old clients</h2>
      <p>
        Clients of the Channels chat tutorial connect to <code>/ws/chat/</code> (the lobby) or <code>/ws/chat/ROOM/</code>, send
        <code>{"message":"text"}</code> and get these frames. <code>/pm name text</code> is a private message.
        <code>?since=POSITION</code> resumes, <code>?escape=html</code> escapes the text. <code>/ws/online/</code> tells how many people are
        online, <code>/ws/notifications/</code> what concerns oneself.
      </p>
      ${Object.keys(legacyServerFrames).map(
        (type) =>
          html`<h3><code>${type}</code></h3>
            ${view.example(`frame.${type}`)}`,
      )}`,
  );
}

class RealtimeView {
  constructor(private readonly document: AsyncApiDocument) {}

  command(name: string, definition: Command): Markup {
    const [ok] = this.document.components.messages[`${name}.ack`]!.payload.oneOf!;
    return html`<h3 id="${name}">
        <code>${name}</code> <span class="who">${definition.access === 'user' ? 'signed-in people' : 'anybody connected'}</span>
      </h3>
      <p>${prose(definition.summary)}</p>
      <h4>Data</h4>
      ${this.fields(this.document.components.messages[name]!.payload)}${this.example(name)}
      <h4>Answer</h4>
      ${this.fields(ok!.properties!['data']!)}
      <h4>Errors</h4>
      <p>${commandErrors(definition).map((code) => html`<a href="/docs/errors#${code}"><code>${code}</code></a>`)}</p>`;
  }

  event(name: string, definition: EventDefinition): Markup {
    const key = `event.${name}`;
    return html`<h3 id="event-${name}"><code>${name}</code></h3>
      <p>${prose(definition.summary)}</p>
      ${this.fields(this.document.components.messages[key]!.payload)}
      <details>
        <summary>Example</summary>
        ${this.example(key)}
      </details>`;
  }

  fields(schema: JsonSchema): Markup {
    const { $ref } = schema;
    if ($ref) return html`<p>${this.shapeLink($ref)}</p>`;
    if (!schema.properties) return html`<p>${this.type(schema)}</p>`;
    const required = new Set(schema.required);
    const rows = Object.entries(schema.properties).map(
      ([field, inner]) =>
        html`<tr>
          <td><code>${field}</code>${required.has(field) ? '' : html` <span class="who">optional</span>`}</td>
          <td>${this.type(inner)}</td>
          <td>${prose(inner.description ?? '')}</td>
        </tr>`,
    );
    return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Field</th>
            <th>Type</th>
            <th>Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
  }

  example(key: string): Markup {
    const [first] = this.document.components.messages[key]!['examples'] as { payload: unknown }[];
    return html`<pre><code>${JSON.stringify(first!.payload, null, 2)}</code></pre>`;
  }

  private shapeLink(ref: string): Markup {
    const name = ref.slice(ref.lastIndexOf('/') + 1);
    return html`<a href="#shape-${name}">${name}</a>`;
  }

  private type(schema: JsonSchema): Markup {
    if (schema.$ref) return this.shapeLink(schema.$ref);
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives) return joined(alternatives.map((one) => this.type(one)));
    if (schema.items) return html`list of ${this.type(schema.items)}`;
    if (Array.isArray(schema['enum'])) return joined(schema['enum'].map((word) => html`<code>${JSON.stringify(word)}</code>`));
    if (schema['const'] !== undefined) return html`<code>${JSON.stringify(schema['const'])}</code>`;
    const name = [schema.type ?? 'anything'].flat().join(' or ');
    const longest = schema['maxLength'];
    return html`${name}${schema.format ? ` (${schema.format})` : typeof longest === 'number' ? ` (${longest} characters at most)` : ''}`;
  }
}

function joined(parts: Markup[]): Markup {
  return html`${parts.map((part, index) => (index === 0 ? part : html`or ${part}`))}`;
}

function wscat(publicUrl: string, socketUrl: string): string {
  return `TOKEN=$(curl -s ${publicUrl}/api/v1/auth/login -H 'content-type: application/json' \\
  -d '{"login":"ada","password":"four plain words 42"}' | sed 's/.*"access":"\\([^"]*\\)".*/\\1/')

# all commands and events
npx wscat -c "${socketUrl}/ws/?token=$TOKEN"
> {"event":"room.join","data":{"room":"lobby"},"id":1}
> {"event":"message.send","data":{"room":"lobby","content":"Hello!"},"id":2}

# one room, in the frames of old clients
npx wscat -c "${socketUrl}/ws/chat/lobby/?token=$TOKEN"
> {"message":"Hello!"}`;
}

function socketIo(publicUrl: string): string {
  return `import { io } from 'socket.io-client';

const socket = io('${publicUrl}', { auth: { token: access }, transports: ['websocket'] });
socket.on('connect_error', (error) => console.error(error.data?.code, error.message));
socket.on('message.created', ({ room, position, message }) => console.log(room, message.content));

const joined = await socket.emitWithAck('room.join', { room: 'lobby' });
const sent = await socket.emitWithAck('message.send', { room: 'lobby', content: 'Hello!', clientId: crypto.randomUUID() });
if (!sent.ok) console.error(sent.error.code, sent.error.message);`;
}

function browser(socketUrl: string): string {
  return `const socket = new WebSocket('${socketUrl}/ws/', ['parley', 'bearer.' + access]);
socket.onmessage = ({ data }) => console.log(JSON.parse(data));
socket.onopen = () => socket.send(JSON.stringify({ event: 'room.join', data: { room: 'lobby' }, id: 1 }));
socket.onclose = ({ code }) => console.log('closed', code);`;
}
