import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import {
  accountType,
  count,
  cursor,
  email,
  emailReference,
  httpUrl,
  id,
  limit,
  line,
  locale,
  newPassword,
  opaqueToken,
  password,
  sixDigits,
  text,
  username,
} from '../fields.js';
import { account, device, page } from '../shapes.js';

const tag = 'Accounts';

export const startupStage = z.enum(['idea', 'prototype', 'launched', 'growing']);

/** What a business account may tell at registration; the keys that fit the account type, all optional. */
export const startupFields = z.strictObject({
  companyName: line(100).optional(),
  industry: line(50).optional(),
  stage: startupStage.optional(),
  website: httpUrl.optional(),
  pitch: text(500).optional(),
});

export const wholeDollars = z.int().min(0).max(1_000_000_000_000).meta({ description: 'US dollars' });

export const investorFields = z
  .strictObject({
    organization: line(100).optional(),
    interests: z.array(line(50)).max(10).optional(),
    ticketMin: wholeDollars.optional(),
    ticketMax: wholeDollars.optional(),
    website: httpUrl.optional(),
  })
  .refine((value) => value.ticketMin === undefined || value.ticketMax === undefined || value.ticketMin <= value.ticketMax, {
    path: ['ticketMax'],
    error: 'must not be below ticketMin',
    params: { code: 'format' },
  });

const registration = z.strictObject({
  email,
  username,
  password: newPassword,
  passwordConfirmation: text(256),
  firstName: line(30).optional(),
  lastName: line(30).optional(),
  locale: locale.optional(),
  accountType: accountType.optional(),
  invitation: text(128).optional().meta({ description: 'the code of an invitation, where REGISTRATION=invite' }),
  profile: z.unknown().optional().meta({ description: 'fields of the account type: StartupFields or InvestorFields' }),
});

const tokens = {
  access: z.string().meta({ description: 'JWT; lives for `expiresIn` seconds' }),
  refresh: z.string().meta({ description: 'opaque; each use gives a new one' }),
  expiresIn: z.int().meta({ description: 'seconds' }),
};

export const session = z.strictObject({ ...tokens, user: account }).meta({ id: 'Session' });
export const renewedSession = z.strictObject(tokens).meta({ id: 'RenewedSession' });

const refreshBody = z.strictObject({ refresh: opaqueToken.optional() });

export const authEndpoints = {
  'auth.register': endpoint({
    method: 'POST',
    path: '/auth/register',
    tag,
    summary: 'Register an account and get an activation mail',
    description:
      'The answer is the same whether or not the address has an account already (its owner gets a mail then). ' +
      'The account waits 24 hours for its activation; registering the address again before that replaces it.',
    access: 'public',
    body: registration,
    status: 201,
    reply: z.strictObject({ user: z.strictObject({ email: z.string(), username: z.string() }) }),
    errors: ['user.username-taken', 'auth.registration-closed', 'auth.invitation-required'],
  }),
  'auth.activate': endpoint({
    method: 'POST',
    path: '/auth/activate',
    tag,
    summary: 'Activate an account by the mailed link or code',
    description: 'A code lives for 15 minutes and five tries; a link for 24 hours. Either one works once.',
    access: 'public',
    body: z.union([z.strictObject({ token: opaqueToken }), z.strictObject({ email: emailReference, code: sixDigits })]),
    status: 200,
    reply: z.strictObject({ user: account }),
    errors: ['auth.code-invalid'],
  }),
  'auth.activate.resend': endpoint({
    method: 'POST',
    path: '/auth/activate/resend',
    tag,
    summary: 'Mail a new activation code',
    description: 'Once a minute and ten times a day per address; the same answer for unknown addresses.',
    access: 'public',
    body: z.strictObject({ email: emailReference }),
    status: 202,
  }),
  'auth.login': endpoint({
    method: 'POST',
    path: '/auth/login',
    tag,
    summary: 'Log in by email or username',
    description: 'With `cookie: true` the answer also sets the session cookie (HttpOnly), for browsers.',
    access: 'public',
    body: z
      .strictObject({ login: text(254, 1).optional(), email: text(254, 1).optional(), password, cookie: z.boolean().optional() })
      .refine((value) => (value.login === undefined) !== (value.email === undefined), {
        path: ['login'],
        error: 'give your email or username',
        params: { code: 'required' },
      }),
    status: 200,
    reply: session,
    errors: ['auth.credentials-invalid', 'auth.inactive', 'auth.suspended', 'auth.origin-refused'],
  }),
  'auth.refresh': endpoint({
    method: 'POST',
    path: '/auth/refresh',
    tag,
    summary: 'Trade a refresh token (or the cookie) for a new pair',
    description:
      'Calls in parallel within ten seconds get the same successor. A token that is used again later ends the whole session and tells its owner.',
    access: 'public',
    body: refreshBody,
    bodyOptional: true,
    status: 200,
    reply: renewedSession,
    errors: ['auth.refresh-invalid', 'auth.refresh-reused', 'auth.required', 'auth.origin-refused'],
  }),
  'auth.logout': endpoint({
    method: 'POST',
    path: '/auth/logout',
    tag,
    summary: 'End this session: its refresh token, access tokens, cookie and open sockets',
    description: 'By `refresh`, by the bearer token or by the cookie; what comes along dies. An unknown refresh token is answered alike.',
    access: 'public',
    body: refreshBody,
    bodyOptional: true,
    status: 204,
    errors: ['auth.required', 'auth.origin-refused'],
  }),
  'auth.logout-all': endpoint({
    method: 'POST',
    path: '/auth/logout-all',
    tag,
    summary: 'End all sessions of this person',
    description: 'The person of `refresh`, of the bearer token or of the cookie.',
    access: 'guest',
    body: refreshBody,
    bodyOptional: true,
    status: 204,
    errors: ['auth.required', 'auth.refresh-invalid', 'auth.origin-refused'],
  }),
  'auth.sessions.list': endpoint({
    method: 'GET',
    path: '/auth/sessions',
    tag,
    summary: 'The devices that are logged in, the last used first; a hundred unless `limit` says otherwise',
    access: 'user',
    query: z.strictObject({ limit: limit.optional(), cursor: cursor.optional() }),
    status: 200,
    reply: page(device),
    errors: ['request.cursor-invalid'],
  }),
  'auth.sessions.revoke': endpoint({
    method: 'DELETE',
    path: '/auth/sessions/:id',
    tag,
    summary: 'Log one device out',
    access: 'user',
    params: z.strictObject({ id }),
    status: 204,
    errors: ['auth.session-not-found'],
  }),
  'auth.password-reset.request': endpoint({
    method: 'POST',
    path: '/auth/password-reset/request',
    tag,
    summary: 'Mail a link that sets a new password',
    description: 'The same answer for unknown addresses. The link lives for 30 minutes; a new one ends the old.',
    access: 'public',
    body: z.strictObject({ email: emailReference }),
    status: 202,
  }),
  'auth.password-reset.validate': endpoint({
    method: 'POST',
    path: '/auth/password-reset/validate',
    tag,
    summary: 'Whether a reset link still works',
    access: 'public',
    body: z.strictObject({ token: opaqueToken }),
    status: 200,
    reply: z.strictObject({ valid: z.literal(true), expiresIn: count.meta({ description: 'seconds' }) }),
    errors: ['auth.code-invalid'],
  }),
  'auth.password-reset.confirm': endpoint({
    method: 'POST',
    path: '/auth/password-reset/confirm',
    tag,
    summary: 'Set the new password; all sessions end',
    access: 'public',
    body: z.strictObject({ token: opaqueToken, password: newPassword, passwordConfirmation: text(256) }),
    status: 204,
    errors: ['auth.code-invalid'],
  }),
  'auth.socket-ticket': endpoint({
    method: 'POST',
    path: '/auth/socket-ticket',
    tag,
    summary: 'A single-use ticket for one socket',
    description: 'For clients that want no token in any address: connect with `?ticket=` within 30 seconds.',
    access: 'user',
    status: 200,
    reply: z.strictObject({ ticket: z.string(), expiresIn: z.literal(30) }),
  }),
};
