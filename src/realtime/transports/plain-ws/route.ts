/** What a plain socket's address asks for. */
export type Route =
  | { kind: 'commands' | 'online' | 'notifications'; query: URLSearchParams }
  /** `room` as it was written; null when it cannot be read. */
  | { kind: 'chat'; room: string | null; query: URLSearchParams };

/** The room of `/ws/chat/`. */
const firstRoom = 'lobby';

/** Reads the address of an upgrade request, with or without the last slash. Null when there is nothing at it. */
export function routeOf(url: string): Route | null {
  const [path = '', ...rest] = url.split('?');
  const query = new URLSearchParams(rest.join('?'));
  const [empty, ws, kind, room, ...more] = path.replace(/\/$/, '').split('/');
  if (empty !== '' || ws !== 'ws' || more.length > 0) return null;
  if (kind === undefined) return { kind: 'commands', query };
  if (kind === 'chat' && room !== '') return { kind, room: room === undefined ? firstRoom : decoded(room), query };
  if ((kind === 'online' || kind === 'notifications') && room === undefined) return { kind, query };
  return null;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
