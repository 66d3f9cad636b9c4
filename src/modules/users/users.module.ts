import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InvestorProfileRecord } from './entities/investor-profile.entity.js';
import { PersonalChange } from './entities/personal-change.entity.js';
import { PersonalHead } from './entities/personal-head.entity.js';
import { StartupProfileRecord } from './entities/startup-profile.entity.js';
import { UsernameReservation } from './entities/username-reservation.entity.js';
import { User } from './entities/user.entity.js';
import { PersonalFeed } from './personal-feed.js';
import { RateLimitModule } from '../../platform/rate-limit/index.js';
import { ProfileController } from './profile.controller.js';
import { ProfileChangesService } from './profile-changes.service.js';
import { ProfilesRepository } from './profiles.repository.js';
import { ProfileCounters } from './profile-counters.js';
import { UserAccounts } from './user-accounts.js';
import { UserAnnouncements } from './user-announcements.js';
import { UserDirectory } from './user-directory.js';
import { UsernamesRepository } from './usernames.repository.js';
import { UsernamesService } from './usernames.service.js';
import { UsersController } from './users.controller.js';
import { Voice } from './voice.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** For data sources outside of the server. */
export const userEntities = [User, StartupProfileRecord, InvestorProfileRecord, UsernameReservation, PersonalHead, PersonalChange] as const;

/** People: their accounts, and what the other modules may know of them. */
@Module({
  imports: [RateLimitModule, TypeOrmModule.forFeature([...userEntities])],
  controllers: [UsersController, ProfileController],
  providers: [
    ProfileCounters,
    PersonalFeed,
    ProfileChangesService,
    ProfilesRepository,
    UserAccounts,
    UserAnnouncements,
    UserDirectory,
    UsernamesRepository,
    UsernamesService,
    UsersRepository,
    UsersService,
    Voice,
  ],
  exports: [ProfileCounters, PersonalFeed, UserAccounts, UserDirectory, UsersService, Voice],
})
export class UsersModule {}
