import type { Endpoints } from './wire.js';

/** Method and path of every call this client makes. The compiler compares each with the contract, so that no schema has to be shipped. */
export const routes = {
  'auth.register': { method: 'POST', path: '/auth/register' },
  'auth.activate': { method: 'POST', path: '/auth/activate' },
  'auth.activate.resend': { method: 'POST', path: '/auth/activate/resend' },
  'auth.login': { method: 'POST', path: '/auth/login' },
  'auth.refresh': { method: 'POST', path: '/auth/refresh' },
  'auth.logout': { method: 'POST', path: '/auth/logout' },
  'auth.logout-all': { method: 'POST', path: '/auth/logout-all' },
  'auth.sessions.list': { method: 'GET', path: '/auth/sessions' },
  'auth.sessions.revoke': { method: 'DELETE', path: '/auth/sessions/:id' },
  'auth.password-reset.request': { method: 'POST', path: '/auth/password-reset/request' },
  'auth.password-reset.validate': { method: 'POST', path: '/auth/password-reset/validate' },
  'auth.password-reset.confirm': { method: 'POST', path: '/auth/password-reset/confirm' },
  'users.me': { method: 'GET', path: '/users/me' },
  'rooms.list': { method: 'GET', path: '/rooms' },
  'rooms.create': { method: 'POST', path: '/rooms' },
  'rooms.direct': { method: 'POST', path: '/rooms/direct' },
  'rooms.get': { method: 'GET', path: '/rooms/:room' },
  'rooms.leave': { method: 'POST', path: '/rooms/:room/leave' },
  'rooms.update': { method: 'PATCH', path: '/rooms/:room' },
  'rooms.delete': { method: 'DELETE', path: '/rooms/:room' },
  'rooms.members.list': { method: 'GET', path: '/rooms/:room/members' },
  'rooms.members.add': { method: 'POST', path: '/rooms/:room/members' },
  'rooms.members.update': { method: 'PATCH', path: '/rooms/:room/members/:userId' },
  'rooms.members.remove': { method: 'DELETE', path: '/rooms/:room/members/:userId' },
  'rooms.bans.add': { method: 'PUT', path: '/rooms/:room/bans/:userId' },
  'messages.get': { method: 'GET', path: '/messages/:id' },
  'messages.list': { method: 'GET', path: '/rooms/:room/messages' },
} as const satisfies { readonly [N in keyof Endpoints]?: { method: Endpoints[N]['method']; path: Endpoints[N]['path'] } };

export type RouteName = keyof typeof routes;
