import type { z } from 'zod';
import type { accountType, locale, siteRole } from '../../contracts/index.js';

export type SiteRole = z.output<typeof siteRole>;
export type AccountType = z.output<typeof accountType>;
export type UserLocale = z.output<typeof locale>;
export type UserStatus = 'inactive' | 'active' | 'deactivated';

/** What the hot paths need to know of a person; a copy in memory, see `UserDirectory`. */
export interface UserCard {
  readonly id: string;
  readonly username: string;
  /** First and last name, or the username of who told neither. */
  readonly displayName: string;
  readonly firstName: string;
  readonly avatarUrl: string | null;
  readonly role: SiteRole;
  readonly status: UserStatus;
  readonly locale: UserLocale;
}

/** The name that others read. */
export function displayNameOf(person: { firstName: string; lastName: string; username: string }): string {
  return `${person.firstName} ${person.lastName}`.trim() || person.username;
}
