import { AppError } from '../../../common/app-error.js';
import { closeCodes, type ErrorCode, type JoinedRoom, type Message, roomReference } from '../../../contracts/index.js';
import { toAppError } from '../../../platform/http/to-app-error.js';
import type { Ending } from '../../connection.js';
import type { Dispatcher } from '../../dispatcher.js';
import type { Frame } from '../../frame.js';
import { chatMessage, legacyFramesOf, type LegacyStyle, privateMessageDelivered, userList } from '../../legacy/legacy-frames.js';
import type { LegacyReceipts, OpenPage, Received } from '../../legacy/receipts.js';
import type { Entered, ResumePoint, RoomEntrance } from '../../room-entrance.js';
import { maxInFlight } from '../bounds.js';
import { textFrame } from '../encoding.js';
import { closeCodeOf } from './close-code.js';
import { legacyBytes, LegacySocket } from './legacy-socket.js';
import type { PlainParts } from './plain-socket.js';
import { privateMessageOf } from './private-message.js';
import type { ReceiptPings } from './receipt-pings.js';

export interface ChatParts extends PlainParts {
  dispatcher: Dispatcher;
  entrance: RoomEntrance;
  receipts: LegacyReceipts;
  receiptPings: ReceiptPings;
  /** Where people reach this server. */
  publicUrl: string;
}

/** Messages of a first visit, and after a gap. */
const lastTen = 10;
/** Private messages that may arrive while the room is being entered. */
const mostEarly = 100;

const NOTHING = Buffer.alloc(0);
/** Each style of frames is encoded once, too. */
const ENCODED = Array.from({ length: 8 }, (_, style) => Symbol(`frames of old clients, style ${style}`));

/** `/ws/chat/<room>/`: one room, in the frames of the Channels chat tutorial. */
export class ChatSocket extends LegacySocket<ChatParts> {
  readonly transport = 'chat';
  private style: LegacyStyle = { escape: false, all: false, personal: false, base: this.parts.publicUrl };
  private roomId: string | null = null;
  private live = false;
  private early: Frame[] = [];
  private inFlight = 0;
  private page: OpenPage | null = null;
  private delivered: Received = { position: 0, seq: 0 };
  /** The position that was asked for, or remembered. */
  private resumedFrom = 0;

  /**
   * Enters the room of the address and sends what an old client expects, in its order: who is there, oneself, the last ten messages (or
   * what was missed), then what happens. A room that cannot be entered ends the socket. Never rejects.
   */
  async enter(room: string | null, query: URLSearchParams): Promise<void> {
    this.style = { ...this.style, escape: query.get('escape') === 'html', all: query.get('frames') === 'all' };
    const since = sinceOf(query);
    if (since === 'bad') {
      this.close(closeCodes.badFrames, 'request.invalid');
      return;
    }
    try {
      if (room === null || !roomReference.safeParse(room).success) throw new AppError('room.not-found');
      const entered = await this.parts.entrance.enter(this, room, (roomId) => this.findResumePoint(roomId, since));
      this.show(entered);
    } catch (error) {
      // A fault of ours is logged and counted as that of a command.
      if (toAppError(error).status >= 500) this.parts.dispatcher.refusal(this, 'room.join', error);
      this.refuse(error);
    }
  }

  send(frame: Frame): void {
    if (!this.live && !this.isOwnJoin(frame)) {
      if (frame.event === 'private.message' && this.early.length < mostEarly) this.early.push(frame);
      return;
    }
    const bytes = this.encode(frame);
    if (bytes.length > 0) this.write(bytes);
    if (frame.event.startsWith('message.')) {
      // Changes that old clients do not see move their place in the room as well.
      const { position, message } = frame.data as Frame<'message.created'>['data'];
      this.deliveredUpTo(position, frame.event === 'message.created' ? message.seq : 0);
    } else if (frame.event === 'room.removed') {
      const { room, reason } = frame.data as Frame<'room.removed'>['data'];
      if (room === this.roomId && reason === 'deleted') this.close(closeCodes.noSuchRoom, 'room.not-found');
    }
  }

  /** A browser echoes a ping's payload: the echo of a position proves that everything before it arrived. */
  override ping(): void {
    if (this.closed) return;
    this.flush();
    const { position, seq } = this.delivered;
    this.webSocket.ping(this.page ? `${position}.${seq}` : '');
  }

  override answered(payload: Buffer): void {
    super.answered(payload);
    const match = /^(\d{1,15})\.(\d{1,15})$/.exec(payload.toString('latin1'));
    if (!match || !this.page) return;
    const received = { position: Number(match[1]), seq: Number(match[2]) };
    if (received.position <= this.delivered.position && received.seq <= this.delivered.seq) this.page.confirm(received);
  }

  protected override released(ending: Ending, byServer: boolean): void {
    this.page?.end(ending === 'clean' && !byServer ? 'left' : 'cut');
    this.page = null;
  }

  protected override refuse(thrown: unknown): void {
    const error = toAppError(thrown);
    // To a guest a room that is not for guests, and one that does not exist, are the same.
    const isHidden = error.code === 'room.not-found' || error.code === 'room.forbidden';
    const code: ErrorCode = this.principal.kind === 'guest' && isHidden ? 'auth.required' : error.code;
    this.close(code === error.code ? closeCodeOf(error) : closeCodes.authentication, code);
  }

  protected said(text: string): void {
    if (!this.roomId) return;
    const personal = privateMessageOf(text);
    if (personal === 'incomplete') {
      this.complain(new AppError('message.pm-usage'));
    } else if (this.inFlight >= maxInFlight) {
      this.complain(new AppError('rate.limited'));
    } else {
      this.inFlight++;
      const sent = personal ? this.sendPrivately(personal) : this.sendToRoom(this.roomId, text);
      sent.catch(() => this.close(closeCodes.restarting, 'server.internal'));
    }
  }

  private async sendToRoom(room: string, content: string): Promise<void> {
    const { acknowledgement } = await this.parts.dispatcher.dispatch(this, 'message.send', { room, content });
    this.inFlight--;
    if (!acknowledgement.ok) this.complain(acknowledgement.error);
  }

  private async sendPrivately({ to, content }: { to: string; content: string }): Promise<void> {
    const { acknowledgement } = await this.parts.dispatcher.dispatch(this, 'private.send', { to, content });
    this.inFlight--;
    if (!acknowledgement.ok) {
      this.complain(acknowledgement.error);
      return;
    }
    const { message } = acknowledgement.data as { message: Message };
    this.write(legacyBytes(privateMessageDelivered(to, message, this.style)));
  }

  private async findResumePoint(roomId: string, since: number | undefined): Promise<ResumePoint | undefined> {
    const { principal } = this;
    if (principal.kind === 'person') {
      await this.parts.receipts.load(principal.sessionId, roomId);
      // A socket that is gone must not be counted as an open page.
      if (this.closed) throw new AppError('room.not-joined');
      this.page = this.parts.receipts.open(principal.sessionId, roomId);
    }
    const from = since ?? this.page?.resume?.position;
    if (since === undefined && this.page?.resume) this.delivered = this.page.resume;
    this.resumedFrom = from ?? 0;
    return from === undefined ? undefined : { since: from, anyEpoch: true };
  }

  /** Everything from here to the end happens at once, so that no frame of the room comes in between. */
  private show({ joined, createdAt, release }: Entered): void {
    if (this.closed) return;
    const { id, kind } = joined.room;
    this.roomId = id;
    this.style = { ...this.style, personal: kind === 'direct' };
    const self = this.principal.kind === 'person' ? this.principal.userId : null;
    const others = joined.online.filter((person) => person.id !== self);
    this.write(legacyBytes(userList(others.map(({ username }) => username))));
    release(() => {
      this.live = true;
      this.write(this.history(joined, createdAt));
      for (const frame of this.early.splice(0)) this.send(frame);
    });
  }

  private history({ messages, changes, gap, position }: JoinedRoom, createdAt: Entered['createdAt']): Buffer {
    // After a gap the newest page is longer than old clients expect.
    const page = messages ?? changes ?? [];
    // What was edited after it was seen is not sent again: old clients know no edits, and would show it twice.
    const seen = gap || messages ? 0 : this.resumedFrom;
    const shown = (gap ? page.slice(-lastTen) : page).filter(({ id }) => (createdAt.get(id) ?? 0) > seen).sort((a, b) => a.seq - b.seq);
    this.delivered = { position: 0, seq: gap ? 0 : this.delivered.seq };
    this.deliveredUpTo(
      position,
      page.reduce((highest, { seq }) => Math.max(highest, seq), 0),
    );
    const frames = shown.flatMap((message) => chatMessage(message, this.style) ?? []);
    return frames.length > 0 ? Buffer.concat(frames.map((frame) => legacyBytes(frame))) : NOTHING;
  }

  private deliveredUpTo(position: number, seq: number): void {
    this.delivered = { position: Math.max(position, this.delivered.position), seq: Math.max(seq, this.delivered.seq) };
    if (this.page) this.parts.receiptPings.ask(this);
  }

  private encode(frame: Frame): Buffer {
    const { style } = this;
    if (frame.event === 'private.message' && this.isOwnMessage(frame)) return NOTHING;
    const key = ENCODED[(style.escape ? 1 : 0) + (style.all ? 2 : 0) + (style.personal ? 4 : 0)]!;
    return frame.encoded(key, () => joinedFrames(legacyFramesOf(frame, style)));
  }

  /** The sender of a private message is told by its receipt. */
  private isOwnMessage(frame: Frame): boolean {
    const { message } = frame.data as Frame<'private.message'>['data'];
    return this.principal.kind === 'person' && !('hidden' in message) && message.author?.id === this.principal.userId;
  }

  private isOwnJoin(frame: Frame): boolean {
    if (frame.event !== 'room.user_join' || this.principal.kind !== 'person') return false;
    return (frame.data as Frame<'room.user_join'>['data']).user.id === this.principal.userId;
  }
}

function joinedFrames(frames: ReturnType<typeof legacyFramesOf>): Buffer {
  if (frames.length === 0) return NOTHING;
  const bytes = frames.map((frame) => textFrame(JSON.stringify(frame)));
  return bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes);
}

/** `?since=`, a position; `bad` when it is none. */
function sinceOf(query: URLSearchParams): number | 'bad' | undefined {
  const values = query.getAll('since');
  if (values.length === 0) return undefined;
  return values.length === 1 && /^\d{1,15}$/.test(values[0]!) ? Number(values[0]) : 'bad';
}
