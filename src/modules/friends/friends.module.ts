import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RateLimitModule } from '../../platform/rate-limit/index.js';
import { UsersModule } from '../users/index.js';
import { BlockDirectory } from './block-directory.js';
import { BlocksController } from './blocks.controller.js';
import { BlocksRepository } from './blocks.repository.js';
import { BlocksService } from './blocks.service.js';
import { BlockEntity } from './entities/block.entity.js';
import { FriendRequestEntity } from './entities/friend-request.entity.js';
import { FriendshipEntity } from './entities/friendship.entity.js';
import { SuggestionHideEntity } from './entities/suggestion-hide.entity.js';
import { FriendRequests } from './friend-requests.service.js';
import { FriendFeed } from './friend-feed.js';
import { FriendViews } from './friend-views.js';
import { FriendsController } from './friends.controller.js';
import { FriendsRepository } from './friends.repository.js';
import { FriendErasure } from './friend-erasure.js';
import { FriendsService } from './friends.service.js';
import { SuggestionsRepository } from './suggestions.repository.js';

/** Who is whose friend, who asked whom, and who blocks whom. */
@Module({
  imports: [
    TypeOrmModule.forFeature([FriendshipEntity, FriendRequestEntity, SuggestionHideEntity, BlockEntity]),
    RateLimitModule,
    UsersModule,
  ],
  controllers: [FriendsController, BlocksController],
  providers: [
    FriendsService,
    FriendErasure,
    FriendRequests,
    FriendViews,
    FriendFeed,
    FriendsRepository,
    SuggestionsRepository,
    BlocksService,
    BlocksRepository,
    BlockDirectory,
  ],
  exports: [BlockDirectory, FriendErasure, FriendsService],
})
export class FriendsModule {}
