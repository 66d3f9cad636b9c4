import { Injectable } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { Comment, Post } from '../../contracts/index.js';
import { CommentsRepository } from './comments.repository.js';
import { PostViews } from './post-views.js';
import { PostsRepository } from './posts.repository.js';

/** Posts and comments by id, for other features that found them; whether the reader may see them is decided before. */
@Injectable()
export class PostsReader {
  constructor(
    private readonly postRows: PostsRepository,
    private readonly commentRows: CommentsRepository,
    private readonly views: PostViews,
  ) {}

  /** The posts that exist, in the order asked for. */
  async posts(person: Person, ids: readonly string[]): Promise<Post[]> {
    return this.views.posts(inOrder(ids, await this.postRows.byIds(ids)), person.userId);
  }

  /** The comments that exist and were not deleted, in the order asked for. */
  async comments(person: Person, ids: readonly string[]): Promise<Comment[]> {
    return this.views.comments(inOrder(ids, await this.commentRows.byIds(ids)), person.userId);
  }
}

function inOrder<T extends { id: string }>(ids: readonly string[], rows: readonly T[]): T[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
