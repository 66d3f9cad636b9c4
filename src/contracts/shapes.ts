import { z } from 'zod';
import { accountType, count, id, isoTime, locale, signatureChoice, siteRole } from './fields.js';

/** What everybody may see of a person. */
export const personRef = z.strictObject({ id, username: z.string() }).meta({ id: 'PersonRef' });

export const author = z
  .strictObject({ id, username: z.string(), displayName: z.string(), avatarUrl: z.string().nullable() })
  .meta({ id: 'Author', description: 'A snapshot of the person; `user.updated` refreshes it.' });

/** The signed-in person, as told to themselves at log-in. */
export const account = z
  .strictObject({
    id,
    email: z.string(),
    username: z.string(),
    role: siteRole,
    accountType,
    displayName: z.string(),
    avatarUrl: z.string().nullable(),
  })
  .meta({ id: 'Account' });

const optionalText = z.string().nullable();

/** Answered profile records of the two business types. */
export const startupProfile = z
  .strictObject({ companyName: optionalText, industry: optionalText, stage: optionalText, website: optionalText, pitch: optionalText })
  .meta({ id: 'StartupProfile' });
export const investorProfile = z
  .strictObject({
    organization: optionalText,
    interests: z.array(z.string()),
    ticketMin: count.nullable(),
    ticketMax: count.nullable(),
    website: optionalText,
  })
  .meta({ id: 'InvestorProfile' });

export const me = account
  .extend({
    firstName: z.string(),
    lastName: z.string(),
    about: optionalText,
    birthDate: z.string().nullable().meta({ description: 'YYYY-MM-DD' }),
    birthDateVisible: z.boolean().meta({ description: 'whether others may see the birth date' }),
    locale,
    timeZone: z.string().nullable().meta({ description: 'IANA name' }),
    signature: signatureChoice,
    signatureUrl: optionalText.meta({ description: 'the signature picture, if there is one' }),
    profileCompleted: z.boolean().meta({ description: 'false: show the first-visit dialog (names and username)' }),
    usernameChangeableAt: isoTime.nullable().meta({ description: 'null: the username can be changed now' }),
    createdAt: isoTime,
    startup: startupProfile.optional(),
    investor: investorProfile.optional(),
  })
  .meta({ id: 'Me' });

export const device = z
  .strictObject({
    id,
    current: z.boolean(),
    userAgent: z.string().nullable(),
    ip: z.string().nullable(),
    createdAt: isoTime,
    lastUsedAt: isoTime,
    expiresAt: isoTime,
  })
  .meta({ id: 'Device' });

export const roomKind = z.enum(['public', 'private', 'direct']);
export const roomRight = z.enum(['everyone', 'admins']);
export const roomRole = z.enum(['owner', 'admin', 'moderator', 'member']);

export const attachment = z
  .strictObject({
    id,
    kind: z.enum(['image', 'file']),
    name: z.string().meta({ description: 'as its owner called it' }),
    mime: z.string().meta({ description: 'found by its content' }),
    bytes: count.meta({ description: 'of the largest size' }),
    width: count.nullable(),
    height: count.nullable(),
    sizes: z.record(z.string(), z.string()).meta({
      description:
        'relative addresses: of an image `thumbnail` (160 pixels at most), `medium` (800) and `full` (2560), of a file `original`; they carry no secret, the caller is checked on every read',
    }),
  })
  .meta({ id: 'Attachment' });

export const message = z
  .strictObject({
    id,
    room: id,
    seq: z.int().min(1).meta({ description: "counts the room's messages from 1 without holes" }),
    position: z.int().min(1).meta({ description: "of the message's last change; counts the room's changes from 1 without holes" }),
    kind: z.enum(['text', 'system']),
    author: author.nullable(),
    content: z.string(),
    clientId: z.string().optional(),
    replyTo: id.optional(),
    attachments: z.array(attachment),
    reactions: z.array(z.strictObject({ emoji: z.string(), count })),
    mine: z.array(z.string()).optional().meta({ description: "the reader's own emojis; only in answers to one reader" }),
    createdAt: isoTime,
    editedAt: isoTime.optional(),
    deletedAt: isoTime.optional(),
  })
  .meta({ id: 'Message' });

/** What the reader gets of a message by somebody whom they block. */
export const hiddenMessage = z
  .strictObject({ id, seq: z.int().min(1), position: z.int().min(1), hidden: z.literal(true) })
  .meta({ id: 'HiddenMessage', description: 'A message by somebody whom you block: its place is kept, what it says is not told' });

/** A message wherever messages are read. */
export const listedMessage = z.union([message, hiddenMessage]);

export const room = z
  .strictObject({
    id,
    name: z.string(),
    title: z.string(),
    kind: roomKind,
    access: roomRight,
    posting: roomRight,
    guestsAllowed: z.boolean(),
    archived: z
      .boolean()
      .meta({ description: 'read only: nothing is sent, changed or deleted there until it is taken out of the archive' }),
    avatarUrl: z.string().nullable().meta({ description: 'relative to this server; readable by whoever may see the room' }),
    memberCount: count,
    onlineCount: count,
    unreadCount: count,
    mentionCount: count,
    lastMessage: listedMessage.nullable(),
    position: count,
    epoch: z.string(),
    myRole: roomRole.nullable(),
    peer: author.optional().meta({ description: 'the other person of a direct room' }),
  })
  .meta({ id: 'Room' });

/** What changed in a room since a position: messages as they are now, ascending by position; with `gap` the newest page instead. */
export const roomChanges = z
  .strictObject({
    items: z.array(listedMessage),
    position: z.int().min(0).meta({ description: 'pass as `since` next time' }),
    epoch: z.string(),
    more: z.boolean().meta({ description: 'ask again from `position`' }),
    gap: z.boolean().meta({ description: 'too far behind or another epoch: drop what is known of the room and take these' }),
  })
  .meta({ id: 'RoomChanges' });

/** One of a person's own things that changed: as it is now, or gone. */
export const personalChange = z
  .strictObject({
    subject: z.enum(['notification', 'friend']),
    id: z.string(),
    position: z.int().min(1).meta({ description: "of its last change; counts the changes of this person's own things from 1" }),
    data: z.record(z.string(), z.unknown()).nullable().meta({ description: 'the thing as it is now; null: gone' }),
  })
  .meta({ id: 'PersonalChange' });

/** What changed for the person alone since a position. */
export const personalChanges = z
  .strictObject({
    items: z.array(personalChange),
    position: z.int().min(0).meta({ description: 'pass as `since` (in `sync` as `me`) next time' }),
    gap: z.boolean().meta({ description: 'too far behind: these are the newest changes; read your lists anew' }),
  })
  .meta({ id: 'PersonalChanges' });

/** What is the same for everybody who may see a room. */
export const roomInfo = room
  .pick({
    id: true,
    name: true,
    title: true,
    kind: true,
    access: true,
    posting: true,
    guestsAllowed: true,
    archived: true,
    avatarUrl: true,
    memberCount: true,
  })
  .meta({ id: 'RoomInfo' });

/** An invitation by link. Its code is told once, when it is made. */
export const invitation = z
  .strictObject({
    id,
    createdBy: author.nullable(),
    createdAt: isoTime,
    expiresAt: isoTime,
    maxUses: z.int().min(1).nullable().meta({ description: 'null: any number' }),
    uses: count.meta({ description: 'people who became members by it' }),
  })
  .meta({ id: 'Invitation' });

/** What a link shows before it is accepted. */
export const invitationPreview = z
  .strictObject({
    room: z.strictObject({
      title: z.string(),
      avatarUrl: z.string().nullable().meta({ description: 'absolute; shows the picture to anybody for five minutes' }),
      memberCount: count,
    }),
    invitedBy: author.nullable(),
    expiresAt: isoTime,
  })
  .meta({ id: 'InvitationPreview' });

export const member = z
  .strictObject({
    user: author,
    role: roomRole,
    online: z.boolean(),
    joinedAt: isoTime,
    blocked: z
      .literal(true)
      .optional()
      .meta({ description: 'you block this person, who is listed all the same: one may have to moderate them' }),
  })
  .meta({ id: 'Member' });

export const ban = z
  .strictObject({
    user: author,
    bannedBy: author.nullable().meta({ description: 'null: their account is gone' }),
    createdAt: isoTime,
  })
  .meta({ id: 'Ban' });

/** A list that goes on at `nextCursor`. */
export function page<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'a stable word of the catalogue of errors' }),
    detail: z.string(),
    instance: z.string().optional(),
    requestId: z.string().optional(),
    retryAfter: z.number().optional().meta({ description: 'seconds' }),
    errors: z.array(z.strictObject({ field: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

export type Attachment = z.output<typeof attachment>;
export type Author = z.output<typeof author>;
export type PersonRef = z.output<typeof personRef>;
export type Account = z.output<typeof account>;
export type Me = z.output<typeof me>;
export type Device = z.output<typeof device>;
export type Message = z.output<typeof message>;
export type HiddenMessage = z.output<typeof hiddenMessage>;
export type ListedMessage = z.output<typeof listedMessage>;
export type Room = z.output<typeof room>;
export type RoomInfo = z.output<typeof roomInfo>;
export type RoomChanges = z.output<typeof roomChanges>;
export type PersonalChanges = z.output<typeof personalChanges>;
export type PersonalSubject = PersonalChanges['items'][number]['subject'];
export type RoomKind = z.output<typeof roomKind>;
export type RoomRight = z.output<typeof roomRight>;
export type RoomRole = z.output<typeof roomRole>;
export type Member = z.output<typeof member>;
export type Ban = z.output<typeof ban>;
export type Invitation = z.output<typeof invitation>;
export type InvitationPreview = z.output<typeof invitationPreview>;
export type Problem = z.output<typeof problem>;
export type FieldError = NonNullable<Problem['errors']>[number];
