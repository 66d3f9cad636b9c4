import type { z } from 'zod';
import type { siteRole } from '../contracts/index.js';

export type SiteRole = z.output<typeof siteRole>;

/** A signed-in person, as every door sees them. */
export interface Person {
  kind: 'person';
  userId: string;
  username: string;
  role: SiteRole;
  sessionId: string;
  /** Seconds since 1970 at which the credential ends; a cookie's session slides and has its own end. */
  expiresAt: number;
}

/** Somebody without an account: reads where guests may read. */
export interface Guest {
  kind: 'guest';
}

export type Principal = Person | Guest;

export const guest: Guest = { kind: 'guest' };
