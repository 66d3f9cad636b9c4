import type { Person } from '../../common/principal.js';

/** Only the author changes or deletes a post; moderators act through moderation, which leaves a trace. */
export function mayChangePost(person: Person, authorId: string): boolean {
  return person.userId === authorId;
}

/** Only its author changes a comment. */
export function mayChangeComment(person: Person, authorId: string | null): boolean {
  return person.userId === authorId;
}

/** Its author deletes a comment, and whoever owns the post under which it stands. */
export function mayDeleteComment(person: Person, authorId: string | null, postAuthorId: string): boolean {
  return person.userId === authorId || person.userId === postAuthorId;
}
