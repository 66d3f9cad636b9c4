import { type Acknowledgement, type CloseCode, type ErrorCode, errorCatalogue, type SocketError } from '../../../contracts/index.js';
import { toAppError } from '../../../platform/http/to-app-error.js';
import type { CommandSender, Dispatcher, DispatchResult } from '../../dispatcher.js';
import type { FrameBatch } from '../../frame-batch.js';
import { Frame } from '../../frame.js';
import { maxInFlight } from '../bounds.js';
import { joinFrames, textFrame } from '../encoding.js';
import { closeCodeOf } from './close-code.js';
import { type PlainParts, PlainSocket } from './plain-socket.js';

export interface CommandSocketParts extends PlainParts {
  dispatcher: Dispatcher;
}

type FrameId = string | number;

interface CommandFrame {
  event: string;
  data: unknown;
  id: FrameId | undefined;
}

const ENCODED = Symbol('plain WebSocket frame');

function textOf(frame: Frame): string {
  return `{"event":"${frame.event}","data":${frame.json}}`;
}

function encode(frame: Frame): Buffer {
  return textFrame(textOf(frame));
}

/** Complete frames may be joined: the bytes of a batch are made once for all sockets. */
function encodeAll(frames: readonly Frame[]): Buffer {
  return joinFrames(frames.map(textOf));
}

/** A command under way, and how its sender is answered. */
class PlainCommand implements CommandSender {
  constructor(
    private readonly socket: CommandSocket,
    private readonly frame: CommandFrame,
  ) {}

  answered(result: DispatchResult): void {
    this.socket.finished(this.frame, result);
  }
}

/** The full protocol on `/ws/`: the commands and events of Socket.IO as JSON text frames. */
export class CommandSocket extends PlainSocket<CommandSocketParts> {
  readonly transport = 'plain';
  private inFlight = 0;

  send(frame: Frame): void {
    this.write(frame.encoded(ENCODED, encode));
  }

  override sendBatch(batch: FrameBatch): void {
    this.write(batch.encoded(ENCODED, encodeAll));
  }

  protected farewell(code: CloseCode, why: ErrorCode): Buffer {
    return encode(new Frame('error', { code: why, message: errorCatalogue[why].message, close: code }));
  }

  protected refuse(thrown: unknown): void {
    const error = toAppError(thrown);
    this.close(closeCodeOf(error), error.code);
  }

  protected receive(text: string): void {
    const frame = parse(text);
    if (!frame) this.malformed();
    else if (this.inFlight >= maxInFlight) {
      this.answer(frame, { ok: false, error: { code: 'rate.limited', message: errorCatalogue['rate.limited'].message, retryAfter: 1 } });
    } else {
      this.inFlight++;
      this.parts.dispatcher.run(this, frame.event, frame.data, new PlainCommand(this, frame));
    }
  }

  /** A command is done. */
  finished(frame: CommandFrame, { acknowledgement, json, after }: DispatchResult): void {
    this.inFlight--;
    if (this.closed) return;
    this.answer(frame, acknowledgement, json);
    after?.();
  }

  private answer({ event, id }: CommandFrame, acknowledgement: Acknowledgement, json?: string): void {
    if (id === undefined) {
      if (!acknowledgement.ok) this.fail({ ...acknowledgement.error, command: event.slice(0, 64) });
    } else if (json === undefined) this.write(JSON.stringify({ id, ...acknowledgement }));
    else this.write(`{"id":${typeof id === 'number' ? id : JSON.stringify(id)},"ok":true,"data":${json}}`);
  }

  private malformed(): void {
    if (this.countBadFrame()) this.fail({ code: 'frame.malformed', message: errorCatalogue['frame.malformed'].message });
  }

  private fail(error: SocketError & { command?: string }): void {
    this.send(new Frame('error', error));
  }
}

/** `{"event","data","id"?}` and nothing else; null for anything that is no command. */
function parse(text: string): CommandFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const known = Object.keys(value).every((key) => key === 'event' || key === 'data' || key === 'id');
  const { event, data, id } = value as Record<string, unknown>;
  if (!known || typeof event !== 'string' || (id !== undefined && !isFrameId(id))) return null;
  return { event, data, id };
}

function isFrameId(id: unknown): id is FrameId {
  return (typeof id === 'string' && id.length <= 64) || (typeof id === 'number' && Number.isFinite(id));
}
