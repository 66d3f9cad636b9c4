import type { z } from 'zod';
import type { accountType, Author, locale, signatureChoice, siteRole } from '../../contracts/index.js';

export type SiteRole = z.output<typeof siteRole>;
export type AccountType = z.output<typeof accountType>;
export type UserLocale = z.output<typeof locale>;
export type SignatureChoice = z.output<typeof signatureChoice>;
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
  /** May not write until then; null: may. */
  readonly mutedUntil: Date | null;
  /** May not come in until then; null: may. */
  readonly suspendedUntil: Date | null;
  /** Whom this person blocks; undefined: nobody. Comes with the card, so that a socket costs no query of its own for it. */
  readonly blocks: ReadonlySet<string> | undefined;
}

/** One author for all messages of a card, so that what is made of it is made once. */
const authors = new WeakMap<UserCard, Author>();

/** A person as messages, rooms and lists show them, never to be changed; null for nobody. */
export function authorOf(card: UserCard | null | undefined): Author | null {
  if (!card) return null;
  let author = authors.get(card);
  if (!author) {
    author = { id: card.id, username: card.username, displayName: card.displayName, avatarUrl: card.avatarUrl };
    authors.set(card, author);
  }
  return author;
}

/** The name that others read. */
export function displayNameOf(person: { firstName: string; lastName: string; username: string }): string {
  return `${person.firstName} ${person.lastName}`.trim() || person.username;
}
