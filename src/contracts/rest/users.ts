import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { queryNumber } from '../fields.js';
import { me, personalChanges } from '../shapes.js';

export const userEndpoints = {
  'users.me': endpoint({
    method: 'GET',
    path: '/users/me',
    tag: 'People',
    summary: 'The signed-in person',
    access: 'user',
    status: 200,
    reply: me,
  }),
  'users.me.changes': endpoint({
    method: 'GET',
    path: '/users/me/changes',
    tag: 'People',
    summary: 'What changed for you alone since a position: notifications and friends',
    description: 'Without `since` only your position comes: the place to start from. The command `sync {me}` answers the same.',
    access: 'user',
    query: z.strictObject({ since: queryNumber.optional() }),
    status: 200,
    reply: personalChanges,
  }),
};
