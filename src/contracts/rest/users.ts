import { endpoint } from '../endpoint.js';
import { me } from '../shapes.js';

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
};
