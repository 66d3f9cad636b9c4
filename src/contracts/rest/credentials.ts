import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { email, newPassword, opaqueToken, password, sixDigits, text } from '../fields.js';
import { me } from '../shapes.js';

const tag = 'Accounts';

/** Changes of what an account is entered by: each is asked for with the password and confirmed by a mail. */
export const credentialEndpoints = {
  'users.email.change': endpoint({
    method: 'POST',
    path: '/users/me/email',
    tag,
    summary: 'Ask for another email address: a code and a link are mailed to it',
    description:
      'The code lives for 10 minutes and five tries, the link for an hour; either one works once and a new request ends both. ' +
      'The answer is the same for an address that has an account (its owner gets a mail). Once a minute per address, ten times a day.',
    access: 'user',
    body: z.strictObject({ email, password }),
    status: 202,
    errors: ['auth.password-wrong'],
  }),
  'users.email.confirm': endpoint({
    method: 'POST',
    path: '/users/me/email/confirm',
    tag,
    summary: 'Confirm the new email address by the mailed code or link',
    description: 'The old address is told by mail, and mailed links that would set a new password are dead.',
    access: 'user',
    body: z.union([z.strictObject({ token: opaqueToken }), z.strictObject({ code: sixDigits })]),
    status: 200,
    reply: me,
    errors: ['auth.code-invalid'],
  }),
  'users.password.change': endpoint({
    method: 'POST',
    path: '/users/me/password',
    tag,
    summary: 'Ask for another password: a code is mailed',
    description: 'Nothing changes before the code is confirmed; it lives for 10 minutes and five tries. Once a minute, ten times a day.',
    access: 'user',
    body: z.strictObject({ currentPassword: password, password: newPassword, passwordConfirmation: text(256) }),
    status: 202,
    errors: ['auth.password-wrong'],
  }),
  'users.password.confirm': endpoint({
    method: 'POST',
    path: '/users/me/password/confirm',
    tag,
    summary: 'Set the new password by the mailed code',
    description: 'This session stays; all others end at once, with their open sockets. The owner is told by mail.',
    access: 'user',
    body: z.strictObject({ code: sixDigits }),
    status: 204,
    errors: ['auth.code-invalid'],
  }),
};
