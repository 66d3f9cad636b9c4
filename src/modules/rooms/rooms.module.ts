import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { FriendsModule } from '../friends/index.js';
import { UsersModule } from '../users/index.js';
import { RoomBanEntity } from './entities/room-ban.entity.js';
import { RoomInvitationEntity } from './entities/room-invitation.entity.js';
import { RoomMemberEntity } from './entities/room-member.entity.js';
import { RoomEntity } from './entities/room.entity.js';
import { BlockedPairs } from './blocked-pairs.js';
import { GroupsService } from './groups.service.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { InvitationsRepository } from './invitations/invitations.repository.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { OwnershipRepository } from './ownership.repository.js';
import { RoomOwnership } from './ownership.js';
import { PersonUpdates } from './person-updates.js';
import { RoomCreation } from './room-creation.js';
import { DirectoryUpdates } from './directory-updates.js';
import { RoomDirectory } from './room-directory.js';
import { RoomList } from './room-list.js';
import { RoomErasure } from './room-erasure.js';
import { RoomNews } from './room-news.js';
import { RoomPictureRule } from './room-picture-rule.js';
import { RoomPictures } from './room-pictures.js';
import { RoomViews } from './room-views.js';
import { RoomsController } from './rooms.controller.js';
import { RoomsRealtime } from './rooms.realtime.js';
import { RoomsRepository } from './rooms.repository.js';
import { RoomsService } from './rooms.service.js';
import { UnreadFeed } from './unread-feed.js';
import { UnreadRepository } from './unread.repository.js';

/** Rooms, who belongs to them, and who may do what there. */
@Module({
  imports: [
    TypeOrmModule.forFeature([RoomEntity, RoomMemberEntity, RoomBanEntity, RoomInvitationEntity]),
    FilesModule,
    FriendsModule,
    UsersModule,
  ],
  controllers: [RoomsController, MembersController, InvitationsController],
  providers: [
    RoomsService,
    GroupsService,
    MembersService,
    InvitationsService,
    RoomOwnership,
    BlockedPairs,
    RoomCreation,
    RoomErasure,
    RoomNews,
    RoomPictures,
    RoomPictureRule,
    RoomList,
    RoomViews,
    DirectoryUpdates,
    RoomDirectory,
    RoomsRepository,
    InvitationsRepository,
    OwnershipRepository,
    RoomsRealtime,
    UnreadFeed,
    UnreadRepository,
    PersonUpdates,
  ],
  exports: [RoomErasure, RoomsService, RoomOwnership, RoomList],
})
export class RoomsModule {}
