import type { Person } from '../../common/principal.js';

/** Whether a person may tell everybody something. */
export function mayAnnounce(person: Person): boolean {
  return person.role === 'admin';
}
