import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Comment, Post } from '../../contracts/index.js';
import { Publisher } from '../../realtime/index.js';

/** Counters are told at most this often, in ms. */
const gathered = 1_000;

/** The topic of everybody's feed. */
export const feedTopic = 'posts';

/** The topic of one post and its comments. */
export function postTopic(postId: string): string {
  return `post ${postId}`;
}

/** Tells sockets that look at a feed or a post what is new there, always after commit. Nothing of a person reaches whoever blocks them. */
@Injectable()
export class PostNews implements OnApplicationShutdown {
  private readonly counted = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private readonly logger = new Logger('PostNews');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
  ) {}

  created(post: Post): void {
    this.publisher.toTopics([feedTopic], 'post.created', { post }, authorsOf(post));
  }

  updated(post: Post): void {
    this.publisher.toTopics([feedTopic, postTopic(post.id)], 'post.updated', { post }, authorsOf(post));
  }

  deleted(postId: string, authorId: string): void {
    this.publisher.toTopics([feedTopic, postTopic(postId)], 'post.deleted', { post: postId }, [authorId]);
  }

  commented(event: 'comment.created' | 'comment.updated', comment: Comment): void {
    this.publisher.toTopics([postTopic(comment.post)], event, { post: comment.post, comment }, comment.author ? [comment.author.id] : []);
  }

  commentDeleted(postId: string, commentId: string): void {
    this.publisher.toTopics([postTopic(postId)], 'comment.deleted', { post: postId, comment: commentId }, []);
  }

  /** A counter of a post moved: told once a second at most, as the database has it then. */
  countersMoved(postId: string): void {
    this.counted.add(postId);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.tellCounters().catch((error: unknown) => this.logger.warn({ error }, 'counters of posts could not be told'));
    }, gathered).unref();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
    this.counted.clear();
  }

  private async tellCounters(): Promise<void> {
    const ids = [...this.counted];
    this.counted.clear();
    const rows = await this.dataSource.query<
      { id: string; author_id: string; like_count: number; comment_count: number; view_count: number }[]
    >('SELECT id, author_id, like_count, comment_count, view_count FROM posts WHERE id = ANY($1::uuid[])', [ids]);
    for (const row of rows) {
      const counters = { post: row.id, likeCount: row.like_count, commentCount: row.comment_count, viewCount: row.view_count };
      this.publisher.toTopics([feedTopic, postTopic(row.id)], 'post.counters', counters, [row.author_id]);
    }
  }
}

/** Who wrote what a post shows: its author, and the author of a message that it shares. */
function authorsOf(post: Post): string[] {
  return [post.author.id, ...(post.sharedMessage?.author ? [post.sharedMessage.author.id] : [])];
}
