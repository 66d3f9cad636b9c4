/** The types of the wire, from the contracts; nothing of them is in the bundle. */
import type { z } from 'zod';
import type { CommandName, CommandReply as SentReply, commands, JoinedRoom as SentJoinedRoom } from '../../../src/contracts/commands.js';
import type { EndpointBody, EndpointQuery, EndpointReply } from '../../../src/contracts/endpoint.js';
import type * as Shapes from '../../../src/contracts/shapes.js';
import type { EventData as SentEventData, EventName } from '../../../src/contracts/events.js';
import type { SearchHit as SentSearchHit } from '../../../src/contracts/rest/search.js';
import type { endpoints } from '../../../src/contracts/rest/index.js';
import type { Room as SentRoom } from '../../../src/contracts/shapes.js';
import type { Post as SentPost } from '../../../src/contracts/shapes-posts.js';
import type { Message, Shown } from './shown.js';

export type { CommandInput, CommandName, SocketError, Acknowledgement } from '../../../src/contracts/commands.js';
export type { ErrorCode } from '../../../src/contracts/errors.js';
export type { EventName } from '../../../src/contracts/events.js';
export type { Notification, NotificationPreferences } from '../../../src/contracts/shapes-notifications.js';
export type { Block, Friend, FriendRequest, FriendSuggestion } from '../../../src/contracts/shapes-friends.js';
export type { Profile } from '../../../src/contracts/shapes-people.js';
export type { Album, AlbumVisibility, Avatar, Photo } from '../../../src/contracts/shapes-pictures.js';
export type { Comment, PostCard, Tag } from '../../../src/contracts/shapes-posts.js';
export type {
  Account,
  Author,
  Device,
  FieldError,
  Invitation,
  InvitationPreview,
  Me,
  Member,
  PersonRef,
  Problem,
  RoomKind,
} from '../../../src/contracts/shapes.js';

export type {
  AdminRoom,
  AdminUser,
  AuditEntry,
  Report,
  ReportDecision,
  ReportKind,
  Sanction,
  SanctionKind,
  SiteInvitation,
} from '../../../src/contracts/shapes-moderation.js';

export type { AccountDeletion, DataExport } from '../../../src/contracts/shapes-privacy.js';

export type { Message };
export type SearchHit = Shown<SentSearchHit>;
export type Room = Shown<SentRoom>;
export type Post = Shown<SentPost>;
export type JoinedRoom = Shown<SentJoinedRoom>;
export type EventData<E extends EventName> = Shown<SentEventData<E>>;
export type CommandReply<C extends CommandName> = Shown<SentReply<C>>;

/** A picture or file of a message. */
export type Attachment = Shapes.Message['attachments'][number];

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
export type Commands = typeof commands;

type Params<E> = E extends { params: infer P extends z.ZodType } ? { params: z.input<P> } : { params?: undefined };
type Query<E> = E extends { query: z.ZodType } ? { query?: EndpointQuery<E & Endpoints[EndpointName]> } : { query?: undefined };
type Body<E> = E extends { body: z.ZodType; bodyOptional: true }
  ? { body?: EndpointBody<E & Endpoints[EndpointName]> }
  : E extends { body: z.ZodType }
    ? { body: EndpointBody<E & Endpoints[EndpointName]> }
    : { body?: undefined };

/** What a REST call is given: the parts of the address, the query and the body that its contract names. */
export type CallInput<N extends EndpointName> = Params<Endpoints[N]> & Query<Endpoints[N]> & Body<Endpoints[N]>;
export type CallReply<N extends EndpointName> = Shown<EndpointReply<Endpoints[N]>>;

/** What a log-in or a refresh brings. */
export interface Tokens {
  access: string;
  expiresIn: number;
}
