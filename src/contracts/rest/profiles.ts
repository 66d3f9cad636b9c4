import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { birthDate, httpUrl, line, locale, signatureChoice, text, timeZone, username } from '../fields.js';
import { me } from '../shapes.js';
import { startupStage, wholeDollars } from './auth.js';

const tag = 'People';

/** Changes of a startup's record: what is not named stays, null clears. */
export const startupChanges = z.strictObject({
  companyName: line(100).nullable().optional(),
  industry: line(50).nullable().optional(),
  stage: startupStage.nullable().optional(),
  website: httpUrl.nullable().optional(),
  pitch: text(500).nullable().optional(),
});

/** Changes of an investor's record: what is not named stays, null clears. */
export const investorChanges = z.strictObject({
  organization: line(100).nullable().optional(),
  interests: z.array(line(50)).max(10).nullable().optional(),
  ticketMin: wholeDollars.nullable().optional(),
  ticketMax: wholeDollars.nullable().optional(),
  website: httpUrl.nullable().optional(),
});

export const profileChanges = z.strictObject({
  firstName: line(30).nullable().optional(),
  lastName: line(30).nullable().optional(),
  about: text(500).nullable().optional(),
  birthDate: birthDate.nullable().optional(),
  birthDateVisible: z.boolean().optional(),
  locale: locale.optional(),
  timeZone: timeZone.nullable().optional(),
  signature: signatureChoice.optional(),
  profileCompleted: z.literal(true).optional().meta({ description: 'the first-visit dialog was seen and is not to be shown again' }),
  startup: startupChanges.optional().meta({ description: 'for accounts of the type startup' }),
  investor: investorChanges.optional().meta({ description: 'for accounts of the type investor' }),
});

export const profileEndpoints = {
  'users.me.update': endpoint({
    method: 'PATCH',
    path: '/users/me',
    tag,
    summary: "Change one's own profile and settings",
    description:
      'What is not named stays as it is; null clears. The birth date is seen by nobody else unless `birthDateVisible` says so. ' +
      'Username, email and password have calls of their own.',
    access: 'user',
    body: profileChanges,
    status: 200,
    reply: me,
    errors: ['user.signature-missing'],
  }),
  'users.username.change': endpoint({
    method: 'POST',
    path: '/users/me/username',
    tag,
    summary: "Change one's username",
    description:
      'At most once in 30 days; `Retry-After` says how long to wait. Nobody else can take the old name for a year; its former owner can.',
    access: 'user',
    body: z.strictObject({ username }),
    status: 200,
    reply: me,
    errors: ['user.username-taken', 'user.username-changed-recently'],
  }),
  'users.username.suggestions': endpoint({
    method: 'GET',
    path: '/users/username-suggestions',
    tag,
    summary: 'Free usernames that fit a name',
    description: "Made from the names given, or else from one's own. Somebody else may take one before you do.",
    access: 'user',
    query: z.strictObject({ firstName: line(30).optional(), lastName: line(30).optional() }),
    status: 200,
    reply: z.strictObject({ items: z.array(z.string()) }),
  }),
};

export type ProfileChanges = z.output<typeof profileChanges>;
