import type { FaultCode } from '../../api/fault.js';
import { count } from './words.js';

/** What went wrong and what to do next. A word that is missing here is answered with the server's own sentence. */
export const faults = {
  'network.down': 'The server cannot be reached. Check your connection and try again.',
  'network.timeout': 'The server took too long to answer. Try again in a moment.',
  'network.unanswered': 'No answer came back, so it is not certain that this was done. Try again: nothing happens twice.',
  'response.unreadable': 'The server gave an answer that makes no sense here. Reload the page and try again.',

  'request.invalid': 'Some fields need another look.',
  'request.too-large': 'This is more than the server accepts. Make it shorter.',
  'route.not-found': 'There is nothing at this address.',

  'auth.required': 'Log in to go on.',
  'auth.token-invalid': 'Your session is not valid any more. Log in again.',
  'auth.token-expired': 'Your session has expired. Log in again.',
  'auth.revoked': 'This session was ended, here or on another device. Log in again.',
  'auth.refresh-invalid': 'Your session has expired. Log in again.',
  'auth.refresh-reused':
    'This session was used from two places and was ended for your safety. Log in again, and change your password if that was not you.',
  'auth.inactive': 'This account waits for its activation. Enter the code from the mail, or ask for a new one.',
  'auth.credentials-invalid': 'The name or the password is not right. Check both, or set a new password.',
  'auth.code-invalid': 'This code or link is wrong, used up or too old. Ask for a new one.',
  'auth.origin-refused': 'This address is not allowed to speak to the server. Open Parley at its own address.',
  'auth.forbidden': 'Your role does not allow this.',
  'auth.registration-closed': 'This server does not take new accounts at the moment.',
  'auth.invitation-required': 'This server takes new accounts by invitation only. Ask somebody who is here.',
  'auth.session-not-found': 'That device is logged out already.',

  'user.username-taken': 'This username is taken. Choose another one.',
  'user.not-found': 'There is nobody with that name. Check the spelling.',

  'room.not-found': 'There is no such room, or it is private and you are not in it.',
  'room.name-taken': 'A room with this name exists already. Choose another name, or enter that one.',
  'room.forbidden': 'Your role in this room does not allow this.',
  'room.banned': 'You are banned from this room.',
  'room.not-joined': 'You are not in this room. Enter it first.',
  'room.posting-restricted': 'Only the admins of this room may write here.',
  'room.last-owner': 'You are the last owner of this room. Make somebody else owner before you leave.',
  'room.direct-fixed': 'A direct conversation belongs to its two people and cannot be changed like this.',
  'room.self-direct': 'A direct conversation needs another person.',

  'guest.read-only': 'Guests may read. Log in to write.',

  'message.empty': 'There is nothing to send yet.',
  'message.too-long': 'This is longer than 4,096 characters. Send it in two parts.',
  'message.client-id-reused': 'This message collided with another one. Copy the text, discard it and send it anew.',
  'message.slash-command': 'To write in private, type: /pm name text',
  'message.not-found': 'This message is not there any more.',
  'message.forbidden': 'Only its author may change a message; its author and the moderators of the room may delete it.',
  'message.deleted': 'This message was deleted meanwhile.',
  'message.too-many-reactions': 'This message has as many different emojis as fit.',
  'message.pm-usage': 'To write in private, type: /pm name text',

  'user.blocked': 'You block this person. Unblock them first.',
  'user.unavailable': 'This person does not accept that from you.',
  'user.username-changed-recently': 'A username can be changed once in 30 days.',
  'user.signature-missing': 'There is no signature picture yet. Upload one first.',
  'auth.password-wrong': 'That is not your password now. Check it.',
  'room.archived': 'This room is archived: it can only be read.',
  'room.too-many-invitations': 'A room can have 100 open invitations. Withdraw one first.',
  'room.invitation-not-found': 'This invitation is gone already.',
  'room.member-not-found': 'This person is not in the room any more.',
  'invitation.invalid': 'It is unknown, expired, used up or withdrawn. Ask for a new one.',
  'friend.self': 'That is you. Choose somebody else.',
  'friend.already': 'You are friends already.',
  'friend.not-found': 'You are not friends with this person.',
  'friend.request-not-found': 'This request was answered or withdrawn meanwhile.',
  'friend.too-many': 'One of you has 5,000 friends, which is the most.',
  'friend.too-many-requests': '1,000 requests of yours wait for an answer. Withdraw some first.',
  'block.self': 'You cannot block yourself.',
  'block.too-many': 'You block 1,000 people, which is the most. Unblock somebody first.',
  'file.not-found': 'This file is not there any more.',
  'file.missing': 'No file was chosen.',
  'file.empty': 'This file is empty.',
  'file.too-large': 'This file is too large: pictures may have 10 MB, other files 25 MB.',
  'file.type-unsupported': 'This kind of file is not accepted. Send a JPEG, PNG or WebP picture, a PDF, a zip or a text.',
  'file.not-image': 'Only a JPEG, PNG or WebP picture can be used here.',
  'file.broken': 'This picture cannot be read: it is damaged.',
  'file.too-many-pixels': 'This picture is too large: 50 megapixels at most.',
  'file.quota-exceeded': 'Your space for files is full. Delete something to make room.',
  'file.in-use': 'This file belongs to a message. Delete it there.',
  'storage.unavailable': 'Files cannot be reached at the moment. Try again soon.',
  'export.in-progress': 'Your archive is being made already. Wait for it, or stop it first.',
  'export.not-ready': 'There is no archive to download any more. Ask for a new one.',

  'post.not-found': 'There is no such post, or you may not see it.',
  'post.forbidden': 'Only its author may change a post.',
  'post.share-refused': 'You may share your own messages, and those of public rooms.',
  'comment.not-found': 'This comment is not there any more.',
  'comment.forbidden': 'Only its author may change a comment.',
  'album.not-found': 'There is no such album, or you may not see it.',
  'album.too-many': 'You have 200 albums. Delete one first.',
  'album.full': 'An album holds 500 photos. Put the others into another one.',
  'photo.not-found': 'This photo is not there any more.',
  'avatar.not-found': 'This picture is not there any more.',
  'avatar.too-many': 'You have 100 pictures. Delete one first.',
  'user.muted': 'A moderator muted you: you may read, but not write.',
  'auth.suspended': 'A moderator suspended this account.',
  'auth.invitation-not-found': 'This invitation is gone already.',
  'report.subject-not-found': 'It is not there any more, or you may not see it.',
  'report.not-found': 'This report is not there any more.',
  'report.claimed': 'Another moderator has taken this report.',
  'report.decided': 'This report was decided meanwhile.',
  'moderation.forbidden': 'You may act on people of a lower role only. Only admins ban people and delete rooms.',
  'moderation.last-admin': 'The last admin stays one. Make somebody else admin first.',
  'moderation.sanction-not-found': 'This sanction is not there any more.',

  'connection.too-slow': 'The connection is slow; catching up.',
  'rate.limited': 'That was a little fast. Wait a moment and try again.',
  'server.busy': 'The server is busy. Try again in a moment.',
  'server.unavailable': 'The server is not ready at the moment. Try again soon.',
  'server.restarting': 'The server is restarting. This page comes back by itself.',
  'server.internal': 'Something went wrong on the server. Try again; if it stays, tell the people who run it.',
} satisfies Partial<Record<FaultCode, string>>;

/** Refusals of a field, by the word that the server gives; any other one is told with the server's sentence. */
export const fieldFaults = {
  required: 'This is needed.',
  reserved: 'This name is reserved. Choose another one.',
  'too-long': 'This is too long.',
  'text-invalid': 'This contains characters that cannot be used.',
  'too-short': 'This is too short.',
  'too-common': 'This is one of the passwords that are guessed first. Choose another one.',
  'too-similar': 'This is too much like your name, your email or the name of this place. Choose another one.',
  same: 'It is this one already.',
  mismatch: 'The two are not the same.',
  taken: 'This name is taken. Choose another one.',
  wrong: 'That is not your password now. Check it.',
};

export const fault = {
  unknown: 'Something went wrong. Try again.',
  wait: (seconds: number) => `Too many tries. Wait ${count(Math.ceil(seconds), { one: 'second', other: 'seconds' })} and try again.`,
  muted: (until: string | null) =>
    until === null
      ? 'A moderator muted you: you may read, but not write.'
      : `A moderator muted you: you may read, but not write until ${until}.`,
  suspended: (until: string | null) =>
    until === null
      ? 'This account is closed for good by a moderator.'
      : `This account is suspended until ${until}. You can log in after that.`,
  sentence: (label: string, message: string) => `${label} ${message.replace(/\.?$/, '.')}`,
};
