import { Injectable } from '@nestjs/common';
import { toMessage } from '../../common/message-view.js';
import type { Person } from '../../common/principal.js';
import type { Message } from '../../contracts/index.js';
import { Publisher, type RoomChange } from '../../realtime/index.js';
import { authorOf, type RoomRecord, RoomsService } from '../rooms/index.js';
import { UserDirectory } from '../users/index.js';
import { MessageLimits } from './message-limits.js';
import { mentionedNames } from './mentions.js';
import { MessageWriter, type Written } from './message-writer.js';

export interface NewMessage {
  content: string;
  clientId?: string | undefined;
  replyTo?: string | undefined;
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
   *   `message.not-found`, `message.client-id-reused`, `server.busy`, `server.unavailable`
   */
  async send(person: Person, reference: string, message: NewMessage): Promise<Message> {
    this.limits.admit(person, message.content);
    return this.write(person, reference, message);
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
      return this.write(person, room.id, message);
    })();
    this.privateTurns.set(person.userId, turn);
    try {
      return await turn;
    } finally {
      if (this.privateTurns.get(person.userId) === turn) this.privateTurns.delete(person.userId);
    }
  }

  private async write(person: Person, reference: string, message: NewMessage): Promise<Message> {
    const room = this.rooms.writableNow(person, reference) ?? (await this.rooms.writable(person, reference));
    const author = authorOf(this.users.card(person.userId) ?? (await this.users.load(person.userId)));
    const draft = {
      ...message,
      roomId: room.id,
      authorId: person.userId,
      kind: 'text' as const,
      mentions: mentionedNames(message.content),
      accessVersion: room.accessVersion,
      author,
      pair: room.pair,
    };
    let decidedAt = room.accessVersion;
    const { row } = await this.writer.write(draft, async () => {
      this.rooms.forgetRights(room.id, person.userId, decidedAt);
      decidedAt = (await this.rooms.writable(person, room.id)).accessVersion;
      return decidedAt;
    });
    return toMessage(row, author);
  }

  /** Pushes what a batch stored: once per room, in the room's order. */
  private push(written: readonly Written[]): void {
    const byRoom = new Map<string, { pair: RoomRecord['pair']; changes: RoomChange[]; mentions: boolean }>();
    for (const { row, draft } of written) {
      const message = toMessage(row, draft.author);
      const change: RoomChange = {
        event: 'message.created',
        position: message.position,
        message,
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
