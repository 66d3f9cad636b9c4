import { Module } from '@nestjs/common';
import { FriendsModule } from '../friends/index.js';
import { RoomsModule } from '../rooms/index.js';
import { HomeCounters } from './home-counters.js';
import { HomeController } from './home.controller.js';
import { HomeService } from './home.service.js';

/** What a first page shows, from the features below it. */
@Module({
  imports: [FriendsModule, RoomsModule],
  controllers: [HomeController],
  providers: [HomeService, HomeCounters],
  exports: [HomeCounters],
})
export class HomeModule {}
