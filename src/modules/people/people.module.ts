import { Module } from '@nestjs/common';
import { RateLimitModule } from '../../platform/rate-limit/index.js';
import { FriendsModule } from '../friends/index.js';
import { UsersModule } from '../users/index.js';
import { PeopleController } from './people.controller.js';
import { PeopleRepository } from './people.repository.js';
import { PeopleService } from './people.service.js';

/** How people look to others, and how others find them. */
@Module({
  imports: [RateLimitModule, UsersModule, FriendsModule],
  controllers: [PeopleController],
  providers: [PeopleService, PeopleRepository],
})
export class PeopleModule {}
