import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { FriendsModule } from '../friends/index.js';
import { RoomsModule } from '../rooms/index.js';
import { UsersModule } from '../users/index.js';
import { MentionEntity } from './entities/mention.entity.js';
import { MessageEntity } from './entities/message.entity.js';
import { BlockedMentions } from './blocked-mentions.js';
import { AuthorErasureRepository } from './author-erasure.repository.js';
import { ChangesRepository } from './changes.repository.js';
import { MessageEditEntity } from './entities/message-edit.entity.js';
import { ReplyNoticeEntity } from './entities/reply-notice.entity.js';
import { ReactionEntity } from './entities/reaction.entity.js';
import { MessageChanges } from './message-changes.js';
import { MessageErasure } from './message-erasure.js';
import { ImageMessages } from './image-messages.js';
import { MessageFiles } from './message-files.js';
import { RoomMedia } from './room-media.js';
import { MessageLimits } from './message-limits.js';
import { MessageLog } from './message-log.js';
import { MessageWriter } from './message-writer.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRealtime } from './messages.realtime.js';
import { MessagesService } from './messages.service.js';
import { SharedMessages } from './shared-messages.js';
import { SyncService } from './sync.service.js';
import { SystemMessages } from './system-messages.js';
import { WriterMetrics } from './writer-metrics.js';
import { WriterRepository } from './writer.repository.js';

/** Messages: sending, history, what changed. */
@Module({
  imports: [
    TypeOrmModule.forFeature([MessageEntity, MessageEditEntity, MentionEntity, ReplyNoticeEntity, ReactionEntity]),
    FriendsModule,
    FilesModule,
    RoomsModule,
    UsersModule,
  ],
  controllers: [MessagesController],
  providers: [
    MessagesService,
    BlockedMentions,
    MessageLog,
    MessageWriter,
    WriterMetrics,
    WriterRepository,
    MessagesRealtime,
    SystemMessages,
    MessageChanges,
    ChangesRepository,
    MessageErasure,
    AuthorErasureRepository,
    MessageLimits,
    SharedMessages,
    ImageMessages,
    MessageFiles,
    RoomMedia,
    SyncService,
  ],
  exports: [MessageChanges, MessageErasure, MessageLog, SharedMessages],
})
export class MessagesModule {}
