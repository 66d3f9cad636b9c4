import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { count } from '../fields.js';
import { friendRequest } from '../shapes-friends.js';
import { room } from '../shapes.js';

export const homeEndpoints = {
  'home.get': endpoint({
    method: 'GET',
    path: '/home',
    tag: 'Home',
    summary: 'What a first page shows: the three latest friend requests, the three latest chats with their last text, and counters',
    access: 'user',
    status: 200,
    reply: z.strictObject({
      requests: z.array(friendRequest).max(3).meta({ description: 'to you, the newest first' }),
      chats: z.array(room).max(3).meta({ description: 'rooms of yours, the latest message first; archived ones are left out' }),
      counters: z.strictObject({
        unreadRooms: count.meta({ description: 'rooms of yours with something unread; archived ones are left out' }),
        friendRequests: count.meta({ description: 'requests that wait for your answer' }),
        notifications: count.meta({ description: 'notifications not read yet' }),
      }),
    }),
  }),
};
