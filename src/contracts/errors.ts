/**
 * The one catalogue of errors, for REST, Socket.IO and plain WebSocket alike.
 * `status` is the HTTP status; `close` the WebSocket close code where the fault ends a socket,
 * `field` what a 422 is about when nothing more exact is known. The sentence says what a person can do.
 */
export const errorCatalogue = {
  'request.malformed': { status: 400, message: 'The request body is not valid JSON.' },
  'request.invalid': { status: 422, message: 'Some fields are not right; see "errors".' },
  'request.too-large': { status: 413, message: 'The request is larger than this call accepts.' },
  'request.unsupported-media-type': { status: 415, message: 'Send the body as application/json.' },
  'request.cursor-invalid': { status: 422, field: 'cursor', message: 'This cursor was not made by this list; start again without one.' },
  'request.timeout': { status: 408, message: 'The request took too long to arrive; send it again.' },
  'request.method-not-allowed': { status: 405, message: 'This address does not know that method.' },
  'request.idempotency-key-reused': { status: 409, message: 'This Idempotency-Key was used for another request; make a new one.' },
  'request.idempotency-in-progress': {
    status: 409,
    message: 'The first request with this Idempotency-Key is still under way; ask again in a moment.',
  },
  'route.not-found': { status: 404, message: 'There is nothing at this address; /docs lists what there is.' },

  'auth.required': { status: 401, close: 4401, message: 'Authentication is required: log in and send the access token.' },
  'auth.token-invalid': { status: 401, close: 4401, message: 'The credential is not valid; log in again.' },
  'auth.token-expired': { status: 401, close: 4401, message: 'The access token has expired; refresh it.' },
  'auth.revoked': { status: 401, close: 4401, message: 'This session was ended; log in again.' },
  'auth.inactive': { status: 403, close: 4401, message: 'This account is not active; activate it with the code or link that was mailed.' },
  'auth.credentials-invalid': { status: 401, message: 'The login or the password is not right.' },
  'auth.refresh-invalid': { status: 401, message: 'The refresh token is not valid any more; log in again.' },
  'auth.refresh-reused': { status: 401, message: 'This refresh token was used before, so its session was ended for safety; log in again.' },
  'auth.code-invalid': { status: 422, field: 'code', message: 'The code or link is wrong, used up or too old; ask for a new one.' },
  'auth.origin-refused': { status: 403, message: 'Requests from this origin are not accepted; add it to ALLOWED_ORIGINS.' },
  'auth.forbidden': { status: 403, message: 'Your role does not allow this.' },
  'auth.registration-closed': { status: 403, message: 'Registration is closed on this server.' },
  'auth.invitation-required': { status: 403, message: 'This server registers people by invitation only.' },
  'auth.suspended': { status: 403, message: 'This account is suspended.' },
  'auth.invitation-not-found': { status: 404, message: 'There is no such invitation.' },
  'auth.session-not-found': { status: 404, message: 'You have no such session.' },
  'auth.password-wrong': { status: 403, message: 'That is not your current password.' },
  'auth.other-person': { status: 403, message: 'That token belongs to another person or session.' },

  'user.username-taken': { status: 409, message: 'This username is taken or reserved; choose another one.' },
  'user.username-changed-recently': { status: 409, message: 'A username can be changed once in 30 days; wait until the time is over.' },
  'user.signature-missing': { status: 409, message: 'There is no signature picture yet; upload one first.' },
  'avatar.not-found': { status: 404, message: 'You have no such avatar.' },
  'avatar.too-many': { status: 409, message: 'You have 100 avatars; delete one first.' },
  'album.not-found': { status: 404, message: 'There is no such album, or you may not see it.' },
  'album.too-many': { status: 409, message: 'You have 200 albums; delete one first.' },
  'album.full': { status: 409, message: 'An album holds 500 photos; put the others into another one.' },
  'photo.not-found': { status: 404, message: 'You have no such photo.' },
  'user.not-found': { status: 404, message: 'There is nobody with that name.' },

  'user.blocked': { status: 409, message: 'You block this person; unblock them first.' },
  'user.unavailable': { status: 403, message: 'This person does not accept that from you.' },

  'friend.self': { status: 422, field: 'username', message: 'That is you; choose somebody else.' },
  'friend.already': { status: 409, message: 'You are friends already.' },
  'friend.not-found': { status: 404, message: 'You are not friends with this person.' },
  'friend.request-not-found': { status: 404, message: 'There is no such request any more: it was answered, withdrawn or never made.' },
  'friend.too-many': { status: 409, message: 'One of you has 5,000 friends, which is the most; end another friendship first.' },
  'friend.too-many-requests': { status: 409, message: 'You have 1,000 requests that wait for an answer; withdraw some first.' },
  'block.self': { status: 422, field: 'username', message: 'You cannot block yourself.' },
  'block.too-many': { status: 409, message: 'You block 1,000 people, which is the most; unblock somebody first.' },

  'room.not-found': { status: 404, close: 4404, message: 'There is no such room, or you may not see it.' },
  'room.name-taken': { status: 409, message: 'A room with this name exists already; choose another name.' },
  'room.forbidden': { status: 403, close: 4403, message: 'Your role in this room does not allow this.' },
  'room.banned': { status: 403, close: 4403, message: 'You are banned from this room.' },
  'room.not-joined': { status: 403, message: 'Join the room first.' },
  'room.posting-restricted': { status: 403, message: 'Only admins of this room may write here.' },
  'room.last-owner': { status: 409, message: 'The last owner cannot leave or step down; make somebody else owner first.' },
  'room.direct-fixed': { status: 409, message: 'A direct room belongs to its two people and cannot be changed like this.' },
  'room.self-direct': { status: 422, field: 'username', message: 'A direct room needs another person.' },
  'room.archived': { status: 409, message: 'This room is archived and read only; its owner or admins can take it out of the archive.' },
  'room.too-many-invitations': { status: 409, message: 'A room can have 100 open invitations at most; withdraw one first.' },
  'room.invitation-not-found': { status: 404, message: 'This room has no such invitation.' },
  'room.member-not-found': { status: 404, message: 'That person is not a member of this room.' },

  'invitation.invalid': { status: 404, message: 'This invitation is unknown, expired, used up or withdrawn; ask for a new one.' },

  'guest.read-only': { status: 401, message: 'Guests may read but not write; log in to take part.' },

  'message.empty': { status: 422, field: 'content', message: 'The message is empty.' },
  'message.too-long': { status: 422, field: 'content', message: 'The message is longer than 4096 characters.' },
  'message.not-found': { status: 404, message: 'There is no such message in this room.' },
  'message.forbidden': {
    status: 403,
    message: 'Only its author may change a message; its author and the moderators of the room may delete it.',
  },
  'message.deleted': { status: 409, message: 'This message was deleted.' },
  'message.too-many-reactions': { status: 409, message: 'A message can carry 20 different emojis at most.' },
  'message.client-id-reused': { status: 409, message: 'This clientId was used for another message; make a new one.' },
  'message.slash-command': {
    status: 422,
    field: 'content',
    message: 'A message cannot begin with "/pm "; use private.send for private messages.',
  },
  'message.pm-usage': { status: 422, field: 'content', message: 'Write a private message as: /pm name text' },

  'file.not-found': { status: 404, message: 'There is no such file, or you may not see it.' },
  'file.missing': { status: 422, field: 'file', message: 'There is no file in this request: send it as a part with a file name.' },
  'file.empty': { status: 422, field: 'file', message: 'The file is empty.' },
  'file.too-large': { status: 413, message: 'The file is too large: pictures may have 10 MB, other files 25 MB.' },
  'file.type-unsupported': {
    status: 415,
    message: 'Files of this kind are not accepted: send a JPEG, PNG or WebP picture, a PDF, a zip archive or a plain text in UTF-8.',
  },
  'file.not-image': { status: 422, field: 'file', message: 'Only a JPEG, PNG or WebP picture can be used here.' },
  'file.broken': { status: 422, field: 'file', message: 'This picture cannot be read: it is damaged, or not what it says it is.' },
  'file.too-many-pixels': {
    status: 422,
    field: 'file',
    message: 'This picture is too large: 50 megapixels at most, and 20,000 pixels at most on a side.',
  },
  'file.quota-exceeded': { status: 409, message: 'Your space for files is full; delete messages or pictures with files to make room.' },
  'file.in-use': { status: 409, message: 'This file belongs to a message or a page; delete it there.' },
  'file.address-invalid': { status: 403, message: 'This address is not valid, or not any more; ask for a new one.' },
  'storage.unavailable': { status: 503, message: 'The place where files are kept does not answer at the moment; try again soon.' },
  'notification.not-found': { status: 404, message: 'You have no such notification.' },
  'user.muted': { status: 403, message: 'You may read but not write at the moment: a moderator muted you.' },
  'report.subject-not-found': { status: 404, message: 'There is nothing like that to report, or you may not see it.' },
  'report.not-found': { status: 404, message: 'There is no such report.' },
  'report.claimed': { status: 409, message: 'Another moderator has taken this report.' },
  'report.decided': { status: 409, message: 'This report was decided already.' },
  'moderation.forbidden': { status: 403, message: 'You may act on people of a lower role only, and only admins ban and delete rooms.' },
  'moderation.last-admin': { status: 409, message: 'The last admin stays admin; make somebody else admin first.' },
  'moderation.sanction-not-found': { status: 404, message: 'There is no such sanction.' },

  'post.not-found': { status: 404, message: 'There is no such post, or you may not see it.' },
  'post.forbidden': { status: 403, message: 'Only its author may change a post.' },
  'post.link-not-found': { status: 404, message: 'This post has no such link.' },
  'post.share-refused': { status: 403, message: 'You may share your own messages and those of public rooms.' },
  'comment.not-found': { status: 404, message: 'There is no such comment, or you may not see it.' },
  'comment.forbidden': {
    status: 403,
    message: 'Only its author may change a comment; its author and the author of the post may delete it.',
  },

  'export.in-progress': { status: 409, message: 'Your archive is being made already; wait for it, or stop it first.' },
  'export.not-ready': { status: 404, message: 'There is no archive to download; ask for one and wait until it is ready.' },

  'command.unknown': { status: 404, message: 'There is no such command; /docs/realtime lists what there is.' },
  'frame.malformed': { status: 400, message: 'The frame is not a command: send JSON as described at /docs/realtime.' },
  'frame.too-many-bad': { status: 400, close: 4400, message: 'Too many malformed frames.' },
  'frame.too-large': { status: 413, close: 1009, message: 'A frame may have 64 KiB at most.' },
  'connection.too-slow': { status: 503, close: 4408, message: 'This connection reads too slowly; connect again with "since".' },

  'rate.limited': { status: 429, close: 4429, message: 'Too many requests; wait a little.' },
  'server.busy': { status: 503, message: 'The server is busy; try again in a moment.' },
  'server.unavailable': { status: 503, message: 'The database does not answer at the moment; try again soon.' },
  'server.restarting': { status: 503, close: 1012, message: 'The server is restarting; connect again.' },
  'server.internal': { status: 500, message: 'Something went wrong on the server; the request id helps to find it.' },
} as const satisfies Record<string, { status: number; message: string; close?: number; field?: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Whether a word is a code of the catalogue. */
export function isErrorCode(word: unknown): word is ErrorCode {
  return typeof word === 'string' && Object.hasOwn(errorCatalogue, word);
}

/** Why a change of a stored message may be refused, at every door. */
export const messageChangeErrors = [
  'message.not-found',
  'message.forbidden',
  'message.deleted',
  'user.muted',
  'room.banned',
  'room.forbidden',
  'room.not-joined',
  'room.posting-restricted',
  'room.archived',
  'user.blocked',
  'user.unavailable',
  'rate.limited',
  'server.busy',
] as const satisfies readonly ErrorCode[];

/** Why a request that carries a file may be refused, whatever it wants with it. */
export const uploadErrors = [
  'file.missing',
  'file.empty',
  'file.too-large',
  'file.type-unsupported',
  'file.not-image',
  'file.broken',
  'file.too-many-pixels',
  'file.quota-exceeded',
  'storage.unavailable',
] as const satisfies readonly ErrorCode[];
