import { Injectable } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { Comment, Post } from '../../contracts/index.js';
import { CommentsRepository } from './comments.repository.js';
import { CommentsService } from './comments.service.js';
import type { CommentEntity } from './entities/comment.entity.js';
import { PostViews } from './post-views.js';
import { type PostRow, PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';

/** Posts and comments for other features. */
@Injectable()
export class PostsReader {
  constructor(
    private readonly postRows: PostsRepository,
    private readonly commentRows: CommentsRepository,
    private readonly views: PostViews,
    private readonly postsService: PostsService,
    private readonly commentsService: CommentsService,
  ) {}

  /** A post that the person may see, as it is stored. @throws AppError `post.not-found` */
  async post(person: Person, id: string): Promise<PostRow> {
    return this.postsService.visible(person, id);
  }

  /** A comment that the person may see, as it is stored. @throws AppError `comment.not-found` */
  async comment(person: Person, id: string): Promise<CommentEntity> {
    return this.commentsService.visible(person, id);
  }

  /** The posts that exist, in the order asked for; whether the reader may see them is decided before. */
  async posts(person: Person, ids: readonly string[]): Promise<Post[]> {
    return this.views.posts(inOrder(ids, await this.postRows.byIds(ids)), person.userId);
  }

  /** The comments that exist and were not deleted, in the order asked for; as for `posts`. */
  async comments(person: Person, ids: readonly string[]): Promise<Comment[]> {
    return this.views.comments(inOrder(ids, await this.commentRows.byIds(ids)), person.userId);
  }
}

function inOrder<T extends { id: string }>(ids: readonly string[], rows: readonly T[]): T[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
