export {
  type AccountDetails,
  type InvestorDetails,
  type NewAccount,
  type StartupDetails,
  toAccount,
  UserAccounts,
  type UserRecord,
} from './user-accounts.js';
export { PersonalFeed, type PersonalLoader } from './personal-feed.js';
export { type AccountType, authorOf, displayNameOf, type SiteRole, type UserCard, type UserLocale, type UserStatus } from './user-card.js';
export { type ProfileCounter, ProfileCounters } from './profile-counters.js';
export { UserDirectory } from './user-directory.js';
export { userEntities, UsersModule } from './users.module.js';
export { type PublicProfile, UsersService } from './users.service.js';
export { Voice } from './voice.js';
