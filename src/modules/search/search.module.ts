import { Module } from '@nestjs/common';
import { FriendsModule } from '../friends/index.js';
import { MessagesModule } from '../messages/index.js';
import { PostsModule } from '../posts/index.js';
import { RoomsModule } from '../rooms/index.js';
import { UsersModule } from '../users/index.js';
import { IndexRepository } from './index.repository.js';
import { Indexer } from './indexer.js';
import { SearchController } from './search.controller.js';
import { SearchErasure } from './search-erasure.js';
import { SearchMetrics } from './search-metrics.js';
import { SearchRepository } from './search.repository.js';
import { SearchService } from './search.service.js';
import { Vocabulary } from './vocabulary.js';

/** One search over messages, posts, comments, people, rooms and tags. */
@Module({
  imports: [UsersModule, FriendsModule, RoomsModule, MessagesModule, PostsModule],
  controllers: [SearchController],
  providers: [SearchService, SearchRepository, Vocabulary, IndexRepository, Indexer, SearchErasure, SearchMetrics],
  exports: [Indexer, SearchErasure],
})
export class SearchModule {}
