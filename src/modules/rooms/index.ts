export { RoomsModule } from './rooms.module.js';
export { RoomsService } from './rooms.service.js';
export type { RoomRecord } from './room-directory.js';
export { authorOf } from './room-views.js';
export type { Membership } from './rooms.policy.js';
