import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { cursor, id, limit, opaqueToken, roomReference } from '../fields.js';
import { invitation, invitationPreview, page, room } from '../shapes.js';

const tag = 'Invitations';
const roomParams = z.strictObject({ room: roomReference });
const codeParams = z.strictObject({ code: opaqueToken });
const day = 24 * 60 * 60;

export const invitationEndpoints = {
  'invitations.create': endpoint({
    method: 'POST',
    path: '/rooms/:room/invitations',
    tag,
    summary: 'Make an invitation by link (owner and admins)',
    description: 'The code and the address are told this once: the server keeps only a digest. A room can have 100 open invitations.',
    access: 'user',
    params: roomParams,
    body: z.strictObject({
      expiresIn: z
        .int()
        .min(60)
        .max(30 * day)
        .optional()
        .meta({ description: 'seconds; 7 days unless given, 30 at most' }),
      maxUses: z
        .int()
        .min(1)
        .max(10_000)
        .nullable()
        .optional()
        .meta({ description: 'how many people it lets in; null or absent: any number' }),
    }),
    bodyOptional: true,
    status: 201,
    reply: z.strictObject({ invitation: invitation.extend({ code: z.string(), url: z.string() }) }),
    errors: ['room.not-found', 'room.forbidden', 'room.direct-fixed', 'room.archived', 'room.too-many-invitations'],
  }),
  'invitations.list': endpoint({
    method: 'GET',
    path: '/rooms/:room/invitations',
    tag,
    summary: 'Invitations that have not expired, the newest first (owner and admins)',
    access: 'user',
    params: roomParams,
    query: z.strictObject({ limit: limit.optional(), cursor: cursor.optional() }),
    status: 200,
    reply: page(invitation),
    errors: ['room.not-found', 'room.forbidden', 'room.direct-fixed', 'request.cursor-invalid'],
  }),
  'invitations.withdraw': endpoint({
    method: 'DELETE',
    path: '/rooms/:room/invitations/:id',
    tag,
    summary: 'Withdraw an invitation; nobody gets in by it any more (owner and admins)',
    access: 'user',
    params: z.strictObject({ room: roomReference, id }),
    status: 204,
    errors: ['room.not-found', 'room.forbidden', 'room.direct-fixed', 'room.invitation-not-found'],
  }),
  'invitations.preview': endpoint({
    method: 'GET',
    path: '/invitations/:code',
    tag,
    summary: 'What an invitation leads to, before it is accepted',
    access: 'public',
    params: codeParams,
    status: 200,
    reply: z.strictObject({ invitation: invitationPreview }),
    errors: ['invitation.invalid'],
  }),
  'invitations.accept': endpoint({
    method: 'POST',
    path: '/invitations/:code/accept',
    tag,
    summary: 'Become a member by an invitation; who is one already uses nothing up',
    access: 'user',
    params: codeParams,
    status: 200,
    reply: z.strictObject({ room }),
    errors: ['invitation.invalid', 'room.banned', 'room.archived'],
  }),
};
