import type { PersonRef } from '../api/wire.js';

/** Who is in a room at the moment. In big rooms `count` may be more than the people listed. */
export interface Attendance {
  readonly people: readonly PersonRef[];
  readonly count: number;
}

export const nobody: Attendance = { people: [], count: 0 };

/** Takes the answer of `room.join`. */
export function attend(people: readonly PersonRef[], count: number): Attendance {
  return { people: sorted(people), count: Math.max(count, people.length) };
}

export function enter(attendance: Attendance, person: PersonRef): Attendance {
  if (attendance.people.some((other) => other.id === person.id)) return attendance;
  return { people: sorted([...attendance.people, person]), count: attendance.count + 1 };
}

export function leave(attendance: Attendance, person: PersonRef): Attendance {
  const people = attendance.people.filter((other) => other.id !== person.id);
  if (people.length === attendance.people.length) return attendance;
  return { people, count: Math.max(people.length, attendance.count - 1) };
}

/** Takes the gathered comings and goings of a big room, with its count. */
export function gather(
  attendance: Attendance,
  change: { joined: readonly PersonRef[]; left: readonly PersonRef[]; onlineCount: number },
): Attendance {
  const gone = new Set(change.left.map((person) => person.id));
  const come = new Set(change.joined.map((person) => person.id));
  const stay = attendance.people.filter((person) => !gone.has(person.id) && !come.has(person.id));
  return { people: sorted([...stay, ...change.joined]), count: change.onlineCount };
}

function sorted(people: readonly PersonRef[]): PersonRef[] {
  return [...people].sort((a, b) => a.username.localeCompare(b.username));
}
