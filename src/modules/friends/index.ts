export { BlockDirectory } from './block-directory.js';
export { type BlocksBetween, requireReach } from './friends.policy.js';
export { FriendErasure } from './friend-erasure.js';
export { FriendsModule } from './friends.module.js';
export { FriendsService } from './friends.service.js';
