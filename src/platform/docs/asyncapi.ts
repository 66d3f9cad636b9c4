import { z } from 'zod';
import type { Settings } from '../../config/settings.js';
import {
  closeCodes,
  type Command,
  commands,
  errorCatalogue,
  type ErrorCode,
  type EventDefinition,
  events,
  legacyClientFrame,
  legacyServerFrames,
  reconnectableCloseCodes,
} from '../../contracts/index.js';
import { exampleOf } from './examples.js';
import { type JsonSchema, SchemaCollector } from './json-schema.js';

interface Reference {
  $ref: string;
}

interface AsyncMessage extends Record<string, unknown> {
  name: string;
  payload: JsonSchema;
}

export interface AsyncApiDocument extends Record<string, unknown> {
  asyncapi: string;
  channels: Record<string, { address: string; messages: Record<string, Reference> } & Record<string, unknown>>;
  operations: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, JsonSchema>; messages: Record<string, AsyncMessage> } & Record<string, unknown>;
}

/** A WebSocket close code, in words. */
export interface CloseCodeEntry {
  code: number;
  name: string;
  meaning: string;
  /** Whether a Socket.IO client comes back by itself. */
  reconnects: boolean;
}

const closeMeanings: Record<keyof typeof closeCodes, string> = {
  normal: 'Closed as agreed.',
  goingAway: 'The page or the server goes away.',
  frameTooLarge: 'A frame may have 64 KiB at most.',
  restarting: 'The server is restarting; connect again after a moment.',
  badFrames: 'Fifty malformed frames within ten seconds, or a binary frame.',
  authentication: 'No credential where one is needed, or a bad one; the frame before says which.',
  forbidden: 'You may not be in this room.',
  noSuchRoom: 'There is no such room.',
  tooSlow: 'This connection reads too slowly; connect again with `since`.',
  sessionRevoked: 'The session was ended: logged out, revoked, or its password changed.',
  tokenExpired: 'The access token expired and was not renewed by `session.renew`.',
  tooManyRequests: 'Too many requests or connections; wait before the next one.',
};

/** Every close code, ascending. */
export function closeCodeTable(): CloseCodeEntry[] {
  return (Object.entries(closeCodes) as [keyof typeof closeCodes, number][])
    .map(([name, code]) => ({ code, name, meaning: closeMeanings[name], reconnects: reconnectableCloseCodes.has(code) }))
    .sort((a, b) => a.code - b.code);
}

/** The errors that a command may be answered with: its own and those that any command may give. */
export function commandErrors({ access, errors }: Command): ErrorCode[] {
  const always: ErrorCode[] = ['request.invalid', 'rate.limited', 'server.busy', 'server.unavailable', 'server.internal'];
  return [...new Set<ErrorCode>([...errors, ...(access === 'user' ? (['guest.read-only'] as const) : []), ...always])];
}

const failure = z.strictObject({
  code: z.string(),
  message: z.string(),
  errors: z.array(z.strictObject({ field: z.string(), code: z.string(), message: z.string() })).optional(),
  retryAfter: z.number().optional().meta({ description: 'seconds' }),
});

const handshakeQuery: JsonSchema = {
  type: 'object',
  properties: {
    token: { type: 'string', description: 'an access token' },
    ticket: { type: 'string', description: 'a single-use ticket of POST /api/v1/auth/socket-ticket' },
  },
};

const chatQuery: JsonSchema = {
  type: 'object',
  properties: {
    ...handshakeQuery.properties,
    since: { type: 'string', pattern: '^[0-9]{1,15}$', description: 'the last position received: what changed after it is sent' },
    frames: { type: 'string', enum: ['all'], description: 'asks for frames beyond the tutorial’s' },
    escape: { type: 'string', enum: ['html'], description: 'text comes with HTML escaped' },
  },
};

/** The realtime interface as AsyncAPI 3.0, made of the contracts that validate. */
export function asyncApiDocument(settings: Pick<Settings, 'publicUrl'>): AsyncApiDocument {
  return new RealtimeDocument(settings).build();
}

/** Gathers messages, channels and operations; one command or event makes several of each, one per transport. */
class RealtimeDocument {
  private readonly shapes = new SchemaCollector();
  private readonly messages: Record<string, AsyncMessage> = {};
  private readonly channels: AsyncApiDocument['channels'] = {};
  private readonly operations: AsyncApiDocument['operations'] = {};

  constructor(private readonly settings: Pick<Settings, 'publicUrl'>) {}

  build(): AsyncApiDocument {
    const { host, protocol } = new URL(this.settings.publicUrl);
    const socketProtocol = protocol === 'https:' ? 'wss' : 'ws';
    this.addChannels();
    for (const [name, definition] of Object.entries(commands)) this.addCommand(name, definition);
    for (const [name, definition] of Object.entries(events)) this.addEvent(name, definition);
    this.addLegacyFrames();
    const securityUse = ['bearer', 'token', 'ticket', 'cookie'].map((name) => ({ $ref: `#/components/securitySchemes/${name}` }));
    return {
      asyncapi: '3.0.0',
      info: {
        title: 'Parley realtime',
        version: '1',
        description:
          'One set of commands and events on two transports: Socket.IO (default path and namespace) and plain WebSocket under `/ws/`. ' +
          'Every command is acknowledged. The addresses below `/ws/` with a name speak the frames of the Channels chat tutorial.',
      },
      defaultContentType: 'application/json',
      servers: {
        socketio: {
          host,
          pathname: '/socket.io/',
          protocol: socketProtocol,
          description: 'Socket.IO 4 (Engine.IO 4). The token may also stand in `auth.token` of the handshake.',
          security: securityUse,
        },
        websocket: { host, protocol: socketProtocol, description: 'Plain WebSocket, text frames of JSON.', security: securityUse },
      },
      channels: this.channels,
      operations: this.operations,
      components: {
        schemas: this.shapes.components,
        messages: this.messages,
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Header of the handshake.' },
          token: { type: 'httpApiKey', in: 'query', name: 'token', description: 'An access token in the address.' },
          ticket: { type: 'httpApiKey', in: 'query', name: 'ticket', description: 'A single-use ticket, good for 30 seconds.' },
          cookie: { type: 'httpApiKey', in: 'cookie', name: 'parley_session', description: 'Only with an allowed Origin.' },
        },
      },
      'x-close-codes': closeCodeTable(),
      'x-error-codes': Object.fromEntries(Object.entries(errorCatalogue).map(([code, { message }]) => [code, message])),
    };
  }

  private addChannels(): void {
    const add = (id: string, address: string, server: string, description: string, query: JsonSchema, parameters?: object) => {
      this.channels[id] = {
        address,
        description,
        servers: [{ $ref: `#/servers/${server}` }],
        messages: {},
        ...(parameters ? { parameters } : {}),
        bindings: { ws: { method: 'GET', query } },
      };
    };
    add('socketio', '/', 'socketio', 'Commands and events by name, acknowledged by the callback of Socket.IO.', handshakeQuery);
    add('websocket', '/ws/', 'websocket', 'The same commands and events as JSON text frames.', handshakeQuery);
    add('chat', '/ws/chat/{room}/', 'websocket', 'One room in the frames of old clients; `/ws/chat/` is the lobby.', chatQuery, {
      room: { description: 'name or id of the room' },
    });
    add('online', '/ws/online/', 'websocket', 'How many people are online. Open to guests.', handshakeQuery);
    add('notifications', '/ws/notifications/', 'websocket', 'What concerns the signed-in person.', handshakeQuery);
  }

  private addCommand(name: string, definition: Command): void {
    const data = this.shapes.schema(definition.data, 'input');
    const reply = this.shapes.schema(definition.reply, 'output');
    const error = this.shapes.schema(failure, 'output');
    const ok = object({ ok: { const: true }, data: reply });
    const refused = object({ ok: { const: false }, error: { ...error, description: commandErrors(definition).join(', ') } });
    const frameId: JsonSchema = { type: ['string', 'integer'], description: 'comes back in the acknowledgement' };
    const summary = definition.summary;

    this.message('socketio', `${name}`, { title: `${name} (command)`, summary, payload: data });
    this.message('socketio', `${name}.ack`, { title: `Acknowledgement of ${name}`, payload: { oneOf: [ok, refused] } });
    this.message('websocket', `${name}.frame`, {
      title: `${name} (frame)`,
      summary,
      payload: object({ event: { const: name }, data, id: frameId }, ['event', 'data']),
    });
    const withId = (schema: JsonSchema): JsonSchema => ({ ...schema, properties: { id: frameId, ...schema.properties } });
    this.message('websocket', `${name}.reply`, { title: `Answer to ${name}`, payload: { oneOf: [withId(ok), withId(refused)] } });

    for (const [channel, request, answer] of [
      ['socketio', name, `${name}.ack`],
      ['websocket', `${name}.frame`, `${name}.reply`],
    ] as const) {
      this.operations[`${channel}:${name}`] = {
        action: 'receive',
        channel: { $ref: `#/channels/${channel}` },
        title: name,
        summary,
        messages: [{ $ref: `#/channels/${channel}/messages/${request}` }],
        reply: { channel: { $ref: `#/channels/${channel}` }, messages: [{ $ref: `#/channels/${channel}/messages/${answer}` }] },
        'x-access': definition.access,
        'x-errors': commandErrors(definition),
      };
    }
  }

  private addEvent(name: string, definition: EventDefinition): void {
    const data = this.shapes.schema(definition.data, 'output');
    const { summary } = definition;
    this.message('socketio', `event.${name}`, { name, title: `${name} (event)`, summary, payload: data });
    this.message('websocket', `event.${name}.frame`, {
      name,
      title: `${name} (event frame)`,
      summary,
      payload: object({ event: { const: name }, data }),
    });
    this.send('socketio', name, summary, [`event.${name}`]);
    this.send('websocket', name, summary, [`event.${name}.frame`]);
  }

  private addLegacyFrames(): void {
    const only: Record<string, string[]> = { online_count: ['online'], error: ['chat', 'online', 'notifications'] };
    for (const [type, frame] of Object.entries(legacyServerFrames)) {
      const payload = this.shapes.schema(frame, 'output');
      for (const channel of only[type] ?? ['chat']) {
        this.message(channel, `frame.${type}`, { name: type, title: `${type} (frame)`, payload });
        this.send(channel, type, `The frame ${type}`, [`frame.${type}`]);
      }
    }
    this.message('chat', 'frame.message', {
      name: 'message',
      title: 'What an old client sends; `/pm name text` is a private message',
      payload: this.shapes.schema(legacyClientFrame, 'input'),
    });
    this.operations['chat:message'] = {
      action: 'receive',
      channel: { $ref: '#/channels/chat' },
      title: 'message',
      summary: 'Say something in the room',
      messages: [{ $ref: '#/channels/chat/messages/frame.message' }],
    };
  }

  private message(
    channel: string,
    key: string,
    { payload, ...rest }: { name?: string; title: string; summary?: string; payload: JsonSchema },
  ): void {
    const example = { payload: exampleOf(payload, this.shapes) };
    this.messages[key] ??= { name: key, ...rest, contentType: 'application/json', payload, examples: [example] };
    this.channels[channel]!.messages[key] = { $ref: `#/components/messages/${key}` };
  }

  private send(channel: string, name: string, summary: string, messages: string[]): void {
    this.operations[`${channel}:event:${name}`] = {
      action: 'send',
      channel: { $ref: `#/channels/${channel}` },
      title: name,
      summary,
      messages: messages.map((key) => ({ $ref: `#/channels/${channel}/messages/${key}` })),
    };
  }
}

function object(properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}
