import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { cursor, limit, text, usernameReference } from '../fields.js';
import { page } from '../shapes.js';
import { foundPerson, profile } from '../shapes-people.js';

export const peopleEndpoints = {
  'people.search': endpoint({
    method: 'GET',
    path: '/users',
    tag: 'People',
    summary: 'People whose username, name or last name begins with a text, without regard to case',
    description: 'Usernames come first, then names, then last names. People who block you, and whom you block, are not found.',
    access: 'user',
    query: z.strictObject({ query: text(64, 1), limit: limit.optional(), cursor: cursor.optional() }),
    status: 200,
    reply: page(foundPerson),
    errors: ['request.cursor-invalid'],
  }),
  'people.profile': endpoint({
    method: 'GET',
    path: '/users/:username',
    tag: 'People',
    summary: "A person's page: what they show, whether they are online, and how you stand to each other",
    access: 'user',
    params: z.strictObject({ username: usernameReference }),
    status: 200,
    reply: z.strictObject({ profile }),
    errors: ['user.not-found'],
  }),
};
