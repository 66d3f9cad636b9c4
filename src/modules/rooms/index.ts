export { RoomsModule } from './rooms.module.js';
export { RoomsService } from './rooms.service.js';
export type { RoomRecord } from './room-directory.js';
export { authorOf } from '../users/index.js';
export { RoomErasure } from './room-erasure.js';
export { RoomOwnership } from './ownership.js';
export { listedBehind, RoomList } from './room-list.js';
export type { Membership } from './rooms.policy.js';
