import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Person } from '../../common/principal.js';
import { MessageErasure } from '../messages/index.js';
import { PostErasure } from '../posts/index.js';
import { RoomErasure } from '../rooms/index.js';
import { type AuditAction, AuditLog } from './audit-log.js';

/** Deleting what others wrote, with a trace of who did it and why, and none of what it said. */
@Injectable()
export class RemovalsService {
  constructor(
    private readonly messages: MessageErasure,
    private readonly posts: PostErasure,
    private readonly rooms: RoomErasure,
    private readonly audit: AuditLog,
  ) {}

  /** @throws AppError `message.not-found` */
  async message(actor: Person, id: string, reason: string): Promise<void> {
    await this.messages.erase(id, this.trace(actor, 'message.deleted', 'message', id, reason));
  }

  /** @throws AppError `post.not-found` */
  async post(actor: Person, id: string, reason: string): Promise<void> {
    await this.posts.post(id, this.trace(actor, 'post.deleted', 'post', id, reason));
  }

  /** @throws AppError `comment.not-found` */
  async comment(actor: Person, id: string, reason: string): Promise<void> {
    await this.posts.comment(id, this.trace(actor, 'comment.deleted', 'comment', id, reason));
  }

  /** @throws AppError `room.not-found`, `room.direct-fixed` */
  async room(actor: Person, id: string, reason: string): Promise<void> {
    await this.rooms.erase(id, this.trace(actor, 'room.deleted', 'room', id, reason));
  }

  private trace(
    actor: Person,
    action: AuditAction,
    subjectKind: 'message' | 'post' | 'comment' | 'room',
    subjectId: string,
    reason: string,
  ) {
    return async (manager: EntityManager): Promise<void> =>
      this.audit.record(manager, { actorId: actor.userId, action, subjectKind, subjectId, detail: { reason } });
  }
}
