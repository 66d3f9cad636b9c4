import { z } from 'zod';
import { accountType, count, id, isoTime } from './fields.js';
import { author, investorProfile, startupProfile } from './shapes.js';

/** How the reader stands to a person. Whoever blocks the reader looks like a stranger. */
export const relation = z
  .enum(['self', 'none', 'friends', 'incoming', 'outgoing', 'blocked'])
  .meta({ description: '`incoming`: they asked you; `outgoing`: you asked them; `blocked`: you block them' });

export const profile = z
  .strictObject({
    id,
    username: z.string(),
    displayName: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    avatarUrl: z.string().nullable(),
    about: z.string().nullable(),
    birthDate: z.string().nullable().meta({ description: 'YYYY-MM-DD, where its owner shows it' }),
    signatureUrl: z.string().nullable(),
    accountType,
    startup: startupProfile.optional(),
    investor: investorProfile.optional(),
    memberSince: isoTime,
    online: z.boolean(),
    relation,
    requestId: id.optional().meta({ description: 'the request that waits between the two' }),
    counters: z.strictObject({ friends: count, posts: count, albums: count }),
  })
  .meta({
    id: 'Profile',
    description: 'Where one of the two blocks the other, only names and picture are shown, nobody is online and nothing is counted.',
  });

export const foundPerson = z.strictObject({ user: author, relation }).meta({ id: 'FoundPerson' });

export type Profile = z.output<typeof profile>;
export type FoundPerson = z.output<typeof foundPerson>;
export type Relation = z.output<typeof relation>;
