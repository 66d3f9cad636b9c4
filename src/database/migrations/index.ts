import type { MigrationInterface } from 'typeorm';
import { Accounts1763700000001 } from './1763700000001-accounts.js';
import { Rooms1763700000002 } from './1763700000002-rooms.js';
import { Receipts1763700000003 } from './1763700000003-receipts.js';
import { Idempotency1763700000004 } from './1763700000004-idempotency.js';
import { Mails1763700000005 } from './1763700000005-mails.js';
import { Files1763700000006 } from './1763700000006-files.js';
import { Profiles1763700000007 } from './1763700000007-profiles.js';
import { Groups1763700000008 } from './1763700000008-groups.js';
import { Friends1763700000009 } from './1763700000009-friends.js';
import { PersonalFeed1763700000010 } from './1763700000010-personal-feed.js';
import { Notifications1763700000011 } from './1763700000011-notifications.js';
import { PeopleSearch1763700000013 } from './1763700000013-people-search.js';
import { Posts1763700000014 } from './1763700000014-posts.js';
import { Search1763700000015 } from './1763700000015-search.js';
import { Moderation1763700000016 } from './1763700000016-moderation.js';
import { Pictures1763700000017 } from './1763700000017-pictures.js';
import { PersonalLocks1763700000018 } from './1763700000018-personal-locks.js';
import { MessageAttachments1763700000019 } from './1763700000019-message-attachments.js';
import { BanLists1763700000023 } from './1763700000023-ban-lists.js';
import { Privacy1763700000026 } from './1763700000026-privacy.js';
import { NodeSignals1763700000030 } from './1763700000030-node-signals.js';
import { SocketTickets1763700000031 } from './1763700000031-socket-tickets.js';
import { LongLists1763700000032 } from './1763700000032-long-lists.js';

/** Every migration, oldest first. */
export const migrations: (new () => MigrationInterface)[] = [
  Accounts1763700000001,
  Rooms1763700000002,
  Receipts1763700000003,
  Idempotency1763700000004,
  Mails1763700000005,
  Files1763700000006,
  Profiles1763700000007,
  Groups1763700000008,
  Friends1763700000009,
  PersonalFeed1763700000010,
  Notifications1763700000011,
  PeopleSearch1763700000013,
  Posts1763700000014,
  Search1763700000015,
  Moderation1763700000016,
  Pictures1763700000017,
  PersonalLocks1763700000018,
  MessageAttachments1763700000019,
  BanLists1763700000023,
  Privacy1763700000026,
  NodeSignals1763700000030,
  SocketTickets1763700000031,
  LongLists1763700000032,
];
