import type { Author, Room } from '../api/wire.js';

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.split(/[\s_.-]+/).filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0]!, words[1]!] : [words[0] ?? '?'];
  return letters.map((word) => Array.from(word)[0]!.toUpperCase()).join('');
}

/** One of `count` colours, always the same for the same key. */
export function colourOf(key: string, count = 8): number {
  let hash = 2166136261;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 16777619);
  // The low bits of this hash alone are poor.
  return ((hash ^ (hash >>> 15)) >>> 0) % count;
}

/** What a room is called on the screen: a direct one by the other person. */
export function roomTitle(room: Room): string {
  if (room.kind === 'direct' && room.peer) return authorName(room.peer);
  return room.title || room.name;
}

export function authorName(author: Author): string {
  return author.displayName || author.username;
}

/** The address of a room: its name where it has one that people gave it. */
export function roomPath(room: Pick<Room, 'id' | 'name' | 'kind'>): string {
  return `/rooms/${encodeURIComponent(room.kind === 'direct' ? room.id : room.name)}`;
}
