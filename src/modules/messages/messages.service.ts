import { Injectable } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { Author, Message } from '../../contracts/index.js';
import { Publisher, type RoomChange } from '../../realtime/index.js';
import { authorOf, type RoomRecord, RoomsService } from '../rooms/index.js';
import { UserDirectory } from '../users/index.js';
import { MessageLimits } from './message-limits.js';
import { mentionedNames } from './mentions.js';
import type { Draft, Sender, Written } from './draft.js';
import { MessageWriter } from './message-writer.js';

export interface NewMessage {
  /** May be left out where there are attachments. */
  content?: string | undefined;
  clientId?: string | undefined;
  replyTo?: string | undefined;
  attachments?: readonly string[] | undefined;
  /** See `Draft.attachmentsKey`. */
  attachmentsKey?: string | undefined;
}

/** Sending: who may, how often, stored first, then answered, then pushed. The same for every door. */
@Injectable()
export class MessagesService {
  /** Private sends of one person wait for each other: the first may have to make the room, and the second must not overtake it. */
  private readonly privateTurns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly rooms: RoomsService,
    private readonly users: UserDirectory,
    private readonly writer: MessageWriter,
    private readonly publisher: Publisher,
    private readonly limits: MessageLimits,
  ) {
    writer.afterWrite((written) => this.push(written));
  }

  /**
   * Sends a message to a room that the person is a member of. Answered when it is stored; messages of one person are stored in the order of
   * the calls.
   * @throws AppError `rate.limited`, `message.slash-command`, `room.not-found`, `room.not-joined`, `room.banned`, `room.posting-restricted`,
   *   `message.not-found`, `file.not-found`, `message.client-id-reused`, `server.busy`, `server.unavailable`
   */
  async send(person: Person, reference: string, message: NewMessage): Promise<Written> {
    return new Promise((resolve, reject) => {
      this.post(person, reference, message, { stored: resolve, refused: reject });
    });
  }

  /**
   * As `send`, without a promise where memory knows everything that has to be known: the way of the sockets.
   * @throws AppError what is known at once, before `sender` is called
   */
  post(person: Person, reference: string, message: NewMessage, sender: Sender): void {
    this.limits.admit(person, message.content);
    const room = this.rooms.writableNow(person, reference);
    const card = this.users.card(person.userId);
    if (room && card) this.take(person, room, authorOf(card), message, sender);
    else this.lookUp(person, reference, message, sender).catch((error: unknown) => sender.refused(error));
  }

  /**
   * Sends a private message: into the direct room of the two, which is made when there is none.
   * @throws AppError as `send`, and `user.not-found`, `room.self-direct`
   */
  async sendPrivate(person: Person, to: string, message: NewMessage): Promise<Message> {
    this.limits.admit(person, message.content);
    const before = this.privateTurns.get(person.userId);
    const turn = (async () => {
      await before?.catch(() => undefined);
      const room = await this.rooms.direct(person, to);
      return new Promise<Message>((resolve, reject) => {
        this.lookUp(person, room.id, message, { stored: (written) => resolve(written.message), refused: reject }).catch(reject);
      });
    })();
    this.privateTurns.set(person.userId, turn);
    try {
      return await turn;
    } finally {
      if (this.privateTurns.get(person.userId) === turn) this.privateTurns.delete(person.userId);
    }
  }

  private async lookUp(person: Person, reference: string, message: NewMessage, sender: Sender): Promise<void> {
    const room = this.rooms.writableNow(person, reference) ?? (await this.rooms.writable(person, reference));
    const author = authorOf(this.users.card(person.userId) ?? (await this.users.load(person.userId)));
    this.take(person, room, author, message, sender);
  }

  private take(person: Person, room: RoomRecord, author: Author | null, message: NewMessage, sender: Sender): void {
    const { content = '' } = message;
    const draft: Draft = {
      roomId: room.id,
      authorId: person.userId,
      kind: 'text',
      content,
      clientId: message.clientId,
      replyTo: message.replyTo,
      attachments: message.attachments,
      attachmentsKey: message.attachmentsKey,
      mentions: mentionedNames(content),
      accessVersion: room.accessVersion,
      author,
      pair: room.pair,
    };
    let decidedAt = room.accessVersion;
    const redecide = async () => {
      decidedAt = (await this.rooms.writableAnew(person, room.id, decidedAt)).accessVersion;
      return decidedAt;
    };
    this.writer.take(draft, sender, redecide);
  }

  /** Pushes what a batch stored: once per room, in the room's order. */
  private push(written: readonly Written[]): void {
    const byRoom = new Map<string, { pair: RoomRecord['pair']; changes: RoomChange[]; mentions: boolean }>();
    for (const { row, draft, message, json } of written) {
      const change: RoomChange = {
        event: 'message.created',
        position: message.position,
        message,
        json,
        isNew: true,
        accessVersion: draft.accessVersion,
      };
      const room = byRoom.get(row.room_id);
      const mentions = draft.mentions.length > 0;
      if (room) {
        room.changes.push(change);
        room.mentions ||= mentions;
      } else byRoom.set(row.room_id, { pair: draft.pair, changes: [change], mentions });
    }
    for (const [roomId, { pair, changes, mentions }] of byRoom)
      this.publisher.roomChanged({ roomId, changes, mentions, ...(pair ? { pair } : {}) });
  }
}
