import { Injectable } from '@nestjs/common';
import type { Comment, Post, PostCard } from '../../contracts/index.js';
import { BlockDirectory } from '../friends/index.js';
import { SharedMessages } from '../messages/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import type { CommentEntity } from './entities/comment.entity.js';
import { MarksRepository, type OwnMarks } from './marks.repository.js';
import type { PostRow } from './posts.repository.js';

/** Code points of a text that a card shows. */
const excerptLength = 200;

/** Posts and comments as clients see them. A page costs one query for the reader's marks and none for people that memory knows. */
@Injectable()
export class PostViews {
  constructor(
    private readonly users: UserDirectory,
    private readonly marks: MarksRepository,
    private readonly shared: SharedMessages,
    private readonly blocks: BlockDirectory,
  ) {}

  /** @param readerId absent: the same for everybody, as events carry it */
  async posts(rows: readonly PostRow[], readerId?: string): Promise<Post[]> {
    const ids = rows.map((row) => row.id);
    const [people, shared, own, blocked] = await Promise.all([
      this.users.loadMany(rows.map((row) => row.author_id)),
      this.shared.load(rows.flatMap((row) => row.shared_message_id ?? [])),
      readerId === undefined ? null : this.marks.ofReader('post', ids, readerId),
      readerId === undefined ? undefined : this.blocks.load(readerId),
    ]);
    return rows.flatMap((row) => {
      const author = authorOf(people.get(row.author_id));
      if (!author) return [];
      const message = row.shared_message_id === null ? undefined : shared.get(row.shared_message_id);
      const writer = message?.message.author?.id;
      const shows =
        message &&
        !message.message.deletedAt &&
        (message.open || writer === row.author_id) &&
        (writer === undefined || !blocked?.has(writer));
      return [
        {
          id: row.id,
          author,
          title: row.title,
          content: row.content,
          tags: row.tags,
          images: row.images,
          link: row.link,
          links: row.links,
          ...(shows ? { sharedMessage: message.message } : {}),
          likeCount: row.like_count,
          commentCount: row.comment_count,
          viewCount: row.view_count,
          reactions: row.reactions,
          ...marksOf(own, row.id),
          createdAt: row.created_at.toISOString(),
          ...(row.edited_at ? { editedAt: row.edited_at.toISOString() } : {}),
        },
      ];
    });
  }

  /** Posts in short, the same for everybody who may see them. */
  async cards(rows: readonly PostRow[]): Promise<PostCard[]> {
    const people = await this.users.loadMany(rows.map((row) => row.author_id));
    return rows.flatMap((row) => {
      const author = authorOf(people.get(row.author_id));
      if (!author) return [];
      return [
        {
          id: row.id,
          author,
          title: row.title,
          excerpt: [...row.content.slice(0, 2 * excerptLength)].slice(0, excerptLength).join(''),
          image: row.images[0] ?? null,
          likeCount: row.like_count,
          commentCount: row.comment_count,
          createdAt: row.created_at.toISOString(),
        },
      ];
    });
  }

  /** @param readerId as for `posts` */
  async comments(entities: readonly CommentEntity[], readerId?: string): Promise<Comment[]> {
    const ids = entities.map((entity) => entity.id);
    const [people, own] = await Promise.all([
      this.users.loadMany(entities.flatMap((entity) => entity.authorId ?? [])),
      readerId === undefined ? null : this.marks.ofReader('comment', ids, readerId),
    ]);
    return entities.map((entity) => ({
      id: entity.id,
      post: entity.postId,
      ...(entity.parentId === null ? {} : { parentId: entity.parentId }),
      // A deleted comment keeps its place and nothing else.
      author: entity.deletedAt || entity.authorId === null ? null : authorOf(people.get(entity.authorId)),
      content: entity.content,
      likeCount: entity.likeCount,
      replyCount: entity.replyCount,
      reactions: entity.reactions,
      ...marksOf(own, entity.id),
      createdAt: entity.createdAt.toISOString(),
      ...(entity.editedAt ? { editedAt: entity.editedAt.toISOString() } : {}),
      ...(entity.deletedAt ? { deletedAt: entity.deletedAt.toISOString() } : {}),
    }));
  }
}

function marksOf(own: OwnMarks | null, id: string): { liked?: boolean; mine?: string[] } {
  if (!own) return {};
  const emojis = own.emojis.get(id);
  return { liked: own.liked.has(id), ...(emojis ? { mine: emojis } : {}) };
}
