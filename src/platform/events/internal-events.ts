import { EventEmitter } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RoomKind, RoomRole } from '../../contracts/index.js';

/** Why a session ended; told to its sockets in words. */
export type SessionEndReason = 'logout' | 'revoked' | 'password-changed' | 'refresh-reused' | 'deactivated' | 'suspended';

/** What changed in one person's notifications, with the position of each change. */
export interface NotificationsChanged {
  userId: string;
  unreadCount: number;
  /** Came or grew. */
  created: readonly { id: string; position: number; quiet: boolean }[];
  /** Were read; `all`: and nothing unread is left. */
  read?: { ids: readonly string[]; all: boolean; position: number };
  removed?: { ids: readonly string[]; position: number };
}

/** Whether an event happened on this node or on another one. */
export type EventOrigin = 'here' | 'elsewhere';

/** What features tell each other inside the server, always after commit. Which of them other nodes hear too stands in `EventRelay`. */
export interface InternalEventMap {
  /** Sessions that were ended: their access tokens are dead and their sockets must close within a second. */
  'session.ended': { userId: string; sessionIds: readonly string[]; reason: SessionEndReason };
  /** Something that others see of a person changed: name, picture, role, status. */
  'user.changed': { userId: string };
  /** Whom a person blocks has changed; `BlockDirectory` knows it already. */
  'person.blocks-changed': { userId: string };
  /** What others see of a person changed: name, username or picture. Comes after `user.changed`. */
  'user.seen-anew': { userId: string };
  /** A person has another role on this server. */
  'person.role-changed': { userId: string; role: 'user' | 'moderator' | 'admin' };
  /** A person's first socket on this node is open. */
  'person.online': { userId: string };
  /** A person's last socket on this node is gone. */
  'person.offline': { userId: string };
  /** A person has read a room up to this seq. */
  'room.read': { roomId: string; userId: string; seq: number };
  /** A person became a member of a room. */
  'room.member-joined': { roomId: string; userId: string; kind: RoomKind };
  /** A member has another role now; `byId` null: because the owner's account is gone. */
  'room.role-changed': { roomId: string; userId: string; role: RoomRole; byId: string | null };
  /** Some members of a room may or may not read it now, because of its rules or of their role. */
  'room.rights-changed': { roomId: string; userIds: readonly string[] };
  /** A room has another title now. */
  'room.retitled': { roomId: string; byId: string; title: string };
  /** What a room is, is called or allows may be another thing now. */
  'room.rules-changed': { roomId: string };
  /** A room is gone, with everything in it. */
  'room.deleted': { roomId: string };
  /** A person is no longer a member of a room. */
  'room.member-left': { roomId: string; userId: string; reason: 'left' | 'kicked' | 'banned' };
  /** A person's notifications came, were read or went. */
  'notifications.changed': NotificationsChanged;
}

/**
 * What features tell each other inside a transaction, so that what a listener writes stands or falls with the cause: notifications, above all.
 * Listeners write rows and nothing else; what others must hear they tell in `afterCommit`.
 */
export interface TransactionalEventMap {
  /** A friend request was made. */
  'friend.requested': { requestId: string; fromId: string; toId: string };
  /** A friend request is gone: accepted, rejected or withdrawn. */
  'friend.request-closed': { requestId: string; fromId: string; toId: string; outcome: 'accepted' | 'rejected' | 'withdrawn' };
  /** One person is about to block another. Emitted before the transaction locks the two, because listeners lock rooms. */
  'person.blocking': { blockerId: string; blockedId: string };
  /** One person blocked another. */
  'person.blocked': { blockerId: string; blockedId: string };
  /** A room is being deleted: what it holds is still there. */
  'room.removing': { roomId: string };
  /** Somebody else made a person a member of a room. */
  'room.member-added': { roomId: string; userId: string; byId: string };
  /**
   * An account is about to be deactivated or deleted. Emitted before the transaction touches anything else, because listeners lock rooms; and
   * after the person was refused further calls, so that nothing new comes in between.
   */
  'account.closing': { userId: string; how: 'deactivated' | 'deleted' };
  /** A person likes a post, or with `commentId` a comment, of somebody else. */
  'post.liked': { postId: string; commentId: string | null; authorId: string; byId: string };
  /** Somebody commented on a post; `answeredId` wrote the comment that this one answers, and the comment mentions people. */
  'post.commented': {
    postId: string;
    commentId: string;
    byId: string;
    postAuthorId: string;
    answeredId: string | null;
    mentionedIds: readonly string[];
  };
  /** A post mentions people. */
  'post.mentioned': { postId: string; byId: string; userIds: readonly string[] };
  /** A moderator warned, muted, suspended or banned a person. */
  'account.sanctioned': { userId: string; kind: 'warn' | 'mute' | 'suspend' | 'ban'; reason: string; endsAt: Date | null };
  /** Somebody logged in with their password. */
  'account.logged-in': { userId: string };
  /** The archive of a person's own data is ready. */
  'export.ready': { userId: string };
  /** Something that an account's owner must know for safety. */
  'account.security': {
    userId: string;
    what: 'password-changed' | 'password-reset' | 'email-changed' | 'username-changed' | 'session-theft';
  };
}

type TransactionalListener<E extends keyof TransactionalEventMap> = (
  manager: EntityManager,
  data: TransactionalEventMap[E],
) => Promise<void>;

/**
 * The typed bus between modules. Listeners run one after the other, right away, and must not throw: one that fails is logged and does not
 * disturb the others.
 */
@Injectable()
export class InternalEvents {
  private readonly emitter = new EventEmitter().setMaxListeners(100);
  private readonly logger = new Logger('events');
  private readonly within = new Map<keyof TransactionalEventMap, TransactionalListener<never>[]>();

  /** @param origin `elsewhere`: another node told it */
  emit<E extends keyof InternalEventMap>(event: E, data: InternalEventMap[E], origin: EventOrigin = 'here'): void {
    this.emitter.emit(event, data, origin);
  }

  /**
   * @param listener does on every node what that node has to do; what is to be done once, of all nodes, it does where `origin` is `here`
   * @returns a function that takes the listener off again
   */
  on<E extends keyof InternalEventMap>(event: E, listener: (data: InternalEventMap[E], origin: EventOrigin) => void): () => void {
    const guarded = (data: InternalEventMap[E], origin: EventOrigin) => {
      try {
        listener(data, origin);
      } catch (error) {
        this.logger.error({ event, error }, 'a listener failed');
      }
    };
    this.emitter.on(event, guarded);
    return () => this.emitter.off(event, guarded);
  }

  /** Tells the listeners of the running transaction, one after the other; what one throws fails the transaction. */
  async emitWithin<E extends keyof TransactionalEventMap>(manager: EntityManager, event: E, data: TransactionalEventMap[E]): Promise<void> {
    for (const listener of this.within.get(event) ?? []) await (listener as TransactionalListener<E>)(manager, data);
  }

  /** Listens inside the transaction of whoever tells. */
  onWithin<E extends keyof TransactionalEventMap>(event: E, listener: TransactionalListener<E>): void {
    const listeners = this.within.get(event) ?? [];
    listeners.push(listener);
    this.within.set(event, listeners);
  }
}
