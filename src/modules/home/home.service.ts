import { Injectable } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointReply, endpoints } from '../../contracts/index.js';
import { FriendsService } from '../friends/index.js';
import { RoomList } from '../rooms/index.js';
import { HomeCounters } from './home-counters.js';

const latest = 3;

/** The first page after logging in, in one answer. */
@Injectable()
export class HomeService {
  constructor(
    private readonly friends: FriendsService,
    private readonly rooms: RoomList,
    private readonly counters: HomeCounters,
  ) {}

  /** The number of queries does not depend on the number of rooms, requests or notifications. */
  async of(person: Person): Promise<EndpointReply<(typeof endpoints)['home.get']>> {
    const [requests, { incoming }, { items: chats, unreadRooms }, notifications] = await Promise.all([
      this.friends.requests(person, 'in', { limit: latest }),
      this.friends.counters(person.userId),
      this.rooms.latest(person, latest),
      this.counters.read('notifications', person.userId),
    ]);
    return { requests: requests.items, chats, counters: { unreadRooms, friendRequests: incoming, notifications } };
  }
}
