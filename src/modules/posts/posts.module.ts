import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FileAccess, FilesModule } from '../files/index.js';
import { FriendsModule } from '../friends/index.js';
import { MessagesModule } from '../messages/index.js';
import { ProfileCounters, UsersModule } from '../users/index.js';
import { AuthoredRepository } from './authored.repository.js';
import { CommentsController } from './comments.controller.js';
import { CommentsRepository } from './comments.repository.js';
import { CommentsService } from './comments.service.js';
import { CommentEntity } from './entities/comment.entity.js';
import { CommentLikeEntity, CommentReactionEntity, PostLikeEntity, PostReactionEntity, PostViewEntity } from './entities/marks.entities.js';
import { PostEntity, PostLinkEntity } from './entities/post.entity.js';
import { PostTagEntity, TagEntity } from './entities/tag.entity.js';
import { MarksRepository } from './marks.repository.js';
import { MarksService } from './marks.service.js';
import { PostErasure } from './post-erasure.js';
import { PostNews } from './post-news.js';
import { PostViews } from './post-views.js';
import { PostsController } from './posts.controller.js';
import { PostsReader } from './posts-reader.js';
import { PostsRealtime } from './posts.realtime.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';
import { TagsRepository } from './tags.repository.js';

export const postEntities = [
  CommentEntity,
  CommentLikeEntity,
  CommentReactionEntity,
  PostEntity,
  PostLikeEntity,
  PostLinkEntity,
  PostReactionEntity,
  PostTagEntity,
  PostViewEntity,
  TagEntity,
];

/** Posts with tags, pictures, links, likes and comments. */
@Module({
  imports: [TypeOrmModule.forFeature(postEntities), UsersModule, FriendsModule, FilesModule, MessagesModule],
  controllers: [PostsController, CommentsController],
  providers: [
    PostsService,
    CommentsService,
    MarksService,
    PostErasure,
    AuthoredRepository,
    PostViews,
    PostNews,
    PostsRealtime,
    PostsReader,
    PostsRepository,
    CommentsRepository,
    MarksRepository,
    TagsRepository,
  ],
  exports: [PostErasure, PostsReader],
})
export class PostsModule implements OnModuleInit {
  constructor(
    private readonly access: FileAccess,
    private readonly posts: PostsService,
    private readonly rows: PostsRepository,
    private readonly counters: ProfileCounters,
  ) {}

  /** A post's pictures may be seen by whoever may see the post; a person's page counts their posts. */
  onModuleInit(): void {
    this.counters.register('posts', async (ownerId) => this.rows.countOf(ownerId));
    this.access.register('post', async (principal, postId) => principal.kind === 'person' && this.posts.isVisible(principal, postId));
  }
}
