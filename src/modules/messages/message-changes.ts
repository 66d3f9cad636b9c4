import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { asRead } from '../../common/hidden-message.js';
import { toMessage } from '../../common/message-view.js';
import type { Person, Principal } from '../../common/principal.js';
import type { EventData, ListedMessage, Message } from '../../contracts/index.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { Publisher, type RoomChange } from '../../realtime/index.js';
import { BlockDirectory } from '../friends/index.js';
import { authorOf, type Membership, type RoomRecord, RoomsService } from '../rooms/index.js';
import { UserDirectory } from '../users/index.js';
import { ChangesRepository, type LockedMessage } from './changes.repository.js';
import { mentionedNames } from './mentions.js';
import { MessageLimits } from './message-limits.js';

/** Different emojis on one message. */
const mostEmojis = 20;

/** How often the rights of one change are decided anew while they keep moving. */
const mostDecisions = 10;

/** How the person and the author of the message stand to the room. */
interface Standing {
  room: RoomRecord;
  own: Membership;
  author: Membership;
}

type Changed = 'message.updated' | 'message.deleted' | 'message.reactions';

interface Done {
  by?: EventData<'message.reactions'>['by'];
  /** Whether other people are mentioned now, so that mentions have to be counted again. */
  mentions?: boolean;
}

/** Changes the row under the room's lock; null: there was nothing to change. */
type Work = (manager: EntityManager, message: LockedMessage, standing: Standing) => Promise<Done | null>;

/**
 * Changing what was sent: edits, deletions, reactions. Each takes the room's next position under the room's lock, in the transaction that
 * changes the row, and is answered and pushed after its commit.
 */
@Injectable()
export class MessageChanges {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: ChangesRepository,
    private readonly rooms: RoomsService,
    private readonly users: UserDirectory,
    private readonly publisher: Publisher,
    private readonly limits: MessageLimits,
    private readonly blocks: BlockDirectory,
  ) {}

  /**
   * Changes the content of one's own message; the same content again changes nothing.
   * @throws AppError `message.not-found`, `message.forbidden`, `message.deleted`, `message.slash-command`, `rate.limited`, and why the room refuses
   */
  async edit(person: Person, id: string, content: string): Promise<Message> {
    this.limits.admit(person, content);
    return this.change(person, id, 'message.updated', async (manager, message, { room, own }) => {
      if (message.author_id !== person.userId || message.kind !== 'text') throw new AppError('message.forbidden');
      this.rooms.requireWriter(person, room, own);
      if (message.content === content) return null;
      await this.repository.edit(manager, message, content);
      const [before, now] = [mentionedNames(message.content), mentionedNames(content)];
      // Names that stay are not looked up again: meanwhile one of them may be somebody else's.
      if (before.length === now.length && before.every((name) => now.includes(name))) return {};
      return { mentions: await this.repository.remention(manager, message, now) };
    });
  }

  /**
   * Deletes one's own message, or as a moderator of the room that of somebody below. What it said is gone from everywhere, its history and
   * reactions too; deleting it again changes nothing.
   * @throws AppError `message.not-found`, `message.forbidden`, and why the room refuses
   */
  async delete(person: Person, id: string): Promise<ListedMessage> {
    return this.asRead(
      person,
      await this.change(
        person,
        id,
        'message.deleted',
        async (manager, message, { room, own, author }) => {
          if (message.author_id !== person.userId && !this.rooms.mayModerate(person, room, own, author))
            throw new AppError('message.forbidden');
          if (message.deleted_at) return null;
          this.rooms.requireOpen(room);
          await this.repository.blank(manager, message);
          return {};
        },
        { deletedToo: true },
      ),
    );
  }

  /** Gives an emoji, once. @throws AppError `message.not-found`, `message.deleted`, `message.too-many-reactions`, `rate.limited`, and why the room refuses */
  async react(person: Person, id: string, emoji: string): Promise<ListedMessage> {
    this.limits.admit(person);
    return this.asRead(
      person,
      await this.change(person, id, 'message.reactions', async (manager, message, { room, own }) => {
        this.rooms.requireWriter(person, room, own, { reacting: true });
        if (message.reactions.length >= mostEmojis && !message.reactions.some((reaction) => reaction.emoji === emoji))
          throw new AppError('message.too-many-reactions');
        const added = await this.repository.addReaction(manager, message, person.userId, emoji);
        return added ? { by: { userId: person.userId, emoji, op: 'add' } } : null;
      }),
    );
  }

  /** Takes an emoji back. @throws AppError as `react` */
  async unreact(person: Person, id: string, emoji: string): Promise<ListedMessage> {
    this.limits.admit(person);
    return this.asRead(
      person,
      await this.change(person, id, 'message.reactions', async (manager, message, { room, own }) => {
        this.rooms.requireWriter(person, room, own, { reacting: true });
        const removed = await this.repository.removeReaction(manager, message, person.userId, emoji);
        return removed ? { by: { userId: person.userId, emoji, op: 'remove' } } : null;
      }),
    );
  }

  /** The room of a message. @throws AppError `message.not-found`, also to those who may not see the room; `room.banned`, `room.forbidden` */
  async roomOf(principal: Principal, id: string): Promise<RoomRecord> {
    return (await this.place(principal, id)).room;
  }

  private async place(principal: Principal, id: string): Promise<{ room: RoomRecord; authorId: string | null }> {
    const place = await this.repository.place(id);
    if (!place) throw new AppError('message.not-found');
    // Whoever may not see the room is told what they would be told of a message that never was.
    const room = await this.rooms.readable(principal, place.roomId).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'room.not-found' ? new AppError('message.not-found') : error;
    });
    return { room, authorId: place.authorId };
  }

  /** @param work changes the row; null: there was nothing to change, so no position is taken and nobody is told */
  private async change(person: Person, id: string, event: Changed, work: Work, { deletedToo = false } = {}): Promise<Message> {
    for (let decisions = 0; decisions < mostDecisions; decisions++) {
      const answer = await this.tryChange(person, id, event, work, deletedToo);
      if (!answer) continue;
      const [message] = await this.repository.withMine(person.userId, [toMessage(answer, await this.author(answer.author_id))]);
      return message!;
    }
    // Somebody changes the room's rights again and again.
    throw new AppError('server.busy', { retryAfter: 1 });
  }

  /** @returns null when the room's rights moved on meanwhile: they have to be decided anew */
  private async tryChange(person: Person, id: string, event: Changed, work: Work, deletedToo: boolean): Promise<LockedMessage | null> {
    const { room, authorId } = await this.place(person, id);
    const roomId = room.id;
    // Asked before the transaction: inside, nothing but SQL is awaited. The access version says under the lock whether it still holds.
    const standing: Standing = {
      room,
      own: await this.rooms.membership(person, roomId),
      author: await this.rooms.membershipOf(authorId, roomId),
    };
    return inTransaction(this.dataSource, async (manager) => {
      const counters = await this.repository.lockRoom(manager, roomId);
      const message = counters && (await this.repository.message(manager, id));
      if (!message) throw new AppError('message.not-found');
      if (counters.access_version !== room.accessVersion) throw new StaleRights();
      if (message.deleted_at && !deletedToo) throw new AppError('message.deleted');
      const done = await work(manager, message, standing);
      if (!done) return message;
      const changed = await this.repository.takePosition(manager, id, roomId);
      afterCommit(manager, async () => this.publish(event, changed, room, done));
      return changed;
    }).catch((error: unknown) => {
      if (!(error instanceof StaleRights)) throw error;
      this.rooms.forgetRights(roomId, person.userId, room.accessVersion);
      return null;
    });
  }

  private async publish(event: Changed, row: LockedMessage, room: RoomRecord, { by, mentions = false }: Done): Promise<void> {
    const message = toMessage(row, await this.author(row.author_id));
    const change: RoomChange = {
      event,
      position: message.position,
      message,
      isNew: false,
      accessVersion: room.accessVersion,
      ...(by ? { by } : {}),
    };
    this.publisher.roomChanged({ roomId: row.room_id, changes: [change], mentions });
  }

  /** A moderator may act on what somebody wrote whom they block; what it says stays hidden from them. */
  private asRead(person: Person, message: Message): ListedMessage {
    return asRead(this.blocks.blockedBy(person.userId), message);
  }

  private async author(id: string | null) {
    return id === null ? null : authorOf(this.users.card(id) ?? (await this.users.load(id)));
  }
}

/** The room's rights moved on between the look at memory and the lock. */
class StaleRights extends Error {}
