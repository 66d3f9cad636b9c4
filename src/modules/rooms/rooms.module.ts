import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/index.js';
import { RoomBanEntity } from './entities/room-ban.entity.js';
import { RoomMemberEntity } from './entities/room-member.entity.js';
import { RoomEntity } from './entities/room.entity.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { PersonUpdates } from './person-updates.js';
import { RoomDirectory } from './room-directory.js';
import { RoomViews } from './room-views.js';
import { RoomsController } from './rooms.controller.js';
import { RoomsRealtime } from './rooms.realtime.js';
import { RoomsRepository } from './rooms.repository.js';
import { RoomsService } from './rooms.service.js';
import { UnreadFeed } from './unread-feed.js';

/** Rooms, who belongs to them, and who may do what there. */
@Module({
  imports: [TypeOrmModule.forFeature([RoomEntity, RoomMemberEntity, RoomBanEntity]), UsersModule],
  controllers: [RoomsController, MembersController],
  providers: [RoomsService, MembersService, RoomsRepository, RoomDirectory, RoomViews, RoomsRealtime, UnreadFeed, PersonUpdates],
  exports: [RoomsService],
})
export class RoomsModule {}
