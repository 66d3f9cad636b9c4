import { AlbumEntity } from './modules/albums/entities/album.entity.js';
import { PhotoEntity } from './modules/albums/entities/photo.entity.js';
import { AccountCode } from './modules/auth/entities/account-code.entity.js';
import { MailQuota } from './modules/auth/entities/mail-quota.entity.js';
import { RefreshToken } from './modules/auth/entities/refresh-token.entity.js';
import { RevokedSession } from './modules/auth/entities/revoked-session.entity.js';
import { Session } from './modules/auth/entities/session.entity.js';
import { AvatarEntity } from './modules/avatars/entities/avatar.entity.js';
import { SignatureEntity } from './modules/avatars/entities/signature.entity.js';
import { FileUsageEntity } from './modules/files/entities/file-usage.entity.js';
import { FileEntity } from './modules/files/entities/file.entity.js';
import { BlockEntity } from './modules/friends/entities/block.entity.js';
import { FriendRequestEntity } from './modules/friends/entities/friend-request.entity.js';
import { FriendshipEntity } from './modules/friends/entities/friendship.entity.js';
import { SuggestionHideEntity } from './modules/friends/entities/suggestion-hide.entity.js';
import { MentionEntity } from './modules/messages/entities/mention.entity.js';
import { MessageEditEntity } from './modules/messages/entities/message-edit.entity.js';
import { MessageEntity } from './modules/messages/entities/message.entity.js';
import { ReactionEntity } from './modules/messages/entities/reaction.entity.js';
import { ReplyNoticeEntity } from './modules/messages/entities/reply-notice.entity.js';
import { AnnouncementEntity } from './modules/notifications/entities/announcement.entity.js';
import { NotificationLevelEntity } from './modules/notifications/entities/notification-level.entity.js';
import { NotificationPreferencesEntity } from './modules/notifications/entities/notification-preferences.entity.js';
import { NotificationReachEntity } from './modules/notifications/entities/notification-reach.entity.js';
import { NotificationEntity } from './modules/notifications/entities/notification.entity.js';
import { AccountDeletionEntity } from './modules/privacy/entities/account-deletion.entity.js';
import { DataExportEntity } from './modules/privacy/entities/data-export.entity.js';
import { postEntities } from './modules/posts/index.js';
import { RoomBanEntity } from './modules/rooms/entities/room-ban.entity.js';
import { RoomInvitationEntity } from './modules/rooms/entities/room-invitation.entity.js';
import { RoomMemberEntity } from './modules/rooms/entities/room-member.entity.js';
import { RoomEntity } from './modules/rooms/entities/room.entity.js';
import { InvestorProfileRecord } from './modules/users/entities/investor-profile.entity.js';
import { StartupProfileRecord } from './modules/users/entities/startup-profile.entity.js';
import { PersonalChange } from './modules/users/entities/personal-change.entity.js';
import { PersonalHead } from './modules/users/entities/personal-head.entity.js';
import { User } from './modules/users/entities/user.entity.js';
import { UsernameReservation } from './modules/users/entities/username-reservation.entity.js';
import { MailEntity } from './platform/mail/index.js';

/** Every entity, for the migration commands; the server itself collects them from the modules. */
export const entities = [
  ...postEntities,
  AccountCode,
  AccountDeletionEntity,
  AlbumEntity,
  AvatarEntity,
  AnnouncementEntity,
  FileEntity,
  FileUsageEntity,
  BlockEntity,
  DataExportEntity,
  FriendRequestEntity,
  FriendshipEntity,
  InvestorProfileRecord,
  MailEntity,
  MailQuota,
  MentionEntity,
  MessageEditEntity,
  MessageEntity,
  NotificationEntity,
  NotificationLevelEntity,
  NotificationPreferencesEntity,
  NotificationReachEntity,
  PersonalChange,
  PersonalHead,
  PhotoEntity,
  ReactionEntity,
  RefreshToken,
  ReplyNoticeEntity,
  RevokedSession,
  RoomBanEntity,
  RoomEntity,
  RoomInvitationEntity,
  RoomMemberEntity,
  Session,
  SignatureEntity,
  StartupProfileRecord,
  SuggestionHideEntity,
  User,
  UsernameReservation,
];
