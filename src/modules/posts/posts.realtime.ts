import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { CommandRegistry, Topics } from '../../realtime/index.js';
import { feedTopic, postTopic } from './post-news.js';
import { PostsService } from './posts.service.js';

/** Looking at the feed or at a post with a socket, so that what is new there comes by itself. */
@Injectable()
export class PostsRealtime implements OnModuleInit {
  constructor(
    private readonly registry: CommandRegistry,
    private readonly topics: Topics,
    private readonly posts: PostsService,
  ) {}

  onModuleInit(): void {
    this.registry.register('feed.watch', async ({ connection }) => {
      this.topics.watch(connection, feedTopic);
      return { data: {} };
    });
    this.registry.register('feed.unwatch', async ({ connection }) => {
      this.topics.unwatch(connection, feedTopic);
      return { data: {} };
    });
    this.registry.register('post.watch', async ({ connection, principal }, { id }) => {
      if (principal.kind !== 'person') throw new AppError('auth.required');
      await this.posts.visible(principal, id);
      this.topics.watch(connection, postTopic(id));
      return { data: {} };
    });
    this.registry.register('post.unwatch', async ({ connection }, { id }) => {
      this.topics.unwatch(connection, postTopic(id));
      return { data: {} };
    });
  }
}
