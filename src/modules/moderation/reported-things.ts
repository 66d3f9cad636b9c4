import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { ReportKind } from '../../contracts/index.js';
import { MessageChanges, MessageLog } from '../messages/index.js';
import { PostsReader } from '../posts/index.js';
import { RoomsService } from '../rooms/index.js';
import { UserDirectory } from '../users/index.js';

export interface Described {
  /** Whose it is; null: nobody's. */
  ownerId: string | null;
  /** What it says at this moment. */
  content: string;
}

/** What can be reported, as its reporter sees it. */
@Injectable()
export class ReportedThings {
  constructor(
    private readonly messages: MessageChanges,
    private readonly log: MessageLog,
    private readonly posts: PostsReader,
    private readonly rooms: RoomsService,
    private readonly users: UserDirectory,
  ) {}

  /** @throws AppError `report.subject-not-found` when there is no such thing, or the person may not see it */
  async describe(person: Person, kind: ReportKind, id: string): Promise<Described> {
    const described = await this.look(person, kind, id).catch((error: unknown) => {
      if (error instanceof AppError && error.status < 500) return null;
      throw error;
    });
    if (!described) throw new AppError('report.subject-not-found');
    return described;
  }

  private async look(person: Person, kind: ReportKind, id: string): Promise<Described | null> {
    switch (kind) {
      case 'message': {
        // Also what the reporter does not see any more because they block its author: to report and to block go together.
        const message = await this.log.one((await this.messages.roomOf(person, id)).id, id);
        return !message || message.deletedAt ? null : { ownerId: message.author?.id ?? null, content: message.content };
      }
      case 'post': {
        const post = await this.posts.post(person, id);
        return { ownerId: post.author_id, content: `${post.title}\n${post.content}` };
      }
      case 'comment': {
        const comment = await this.posts.comment(person, id);
        return { ownerId: comment.authorId, content: comment.content };
      }
      case 'person': {
        const card = await this.users.load(id);
        return card?.status === 'active' ? { ownerId: id, content: `${card.displayName} @${card.username}` } : null;
      }
      case 'room': {
        const room = await this.rooms.view(person, await this.rooms.resolve(person, id));
        return room.kind === 'direct' ? null : { ownerId: null, content: `${room.title} #${room.name}` };
      }
    }
  }
}
