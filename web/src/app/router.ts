import { Store } from '../store/store.js';

/** Where the page is. `state` lives in the history entry: it survives a reload and never shows in the address. */
export interface Place {
  path: string;
  search: string;
  state: Readonly<Record<string, unknown>>;
}

function read(): Place {
  const state: unknown = history.state;
  return {
    path: location.pathname,
    search: location.search,
    state: typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {},
  };
}

export const place = new Store<Place>(read());

addEventListener('popstate', () => place.set(read()));

/** Goes to a page of this site; `replace` leaves no step back. Only a path is accepted, never another site. */
export function navigate(path: string, options: { replace?: boolean; state?: Record<string, unknown> } = {}): void {
  if (!path.startsWith('/') || path.startsWith('//') || path.startsWith('/\\')) return;
  if (options.replace) history.replaceState(options.state ?? null, '', path);
  else history.pushState(options.state ?? null, '', path);
  place.set(read());
}

/** Takes a secret out of the address at once, into the history entry's state. Answers it, also after a reload. */
export function takeSecret(name: string): string | null {
  const query = new URLSearchParams(location.search);
  const secret = query.get(name);
  if (secret !== null) {
    history.replaceState({ ...place.get().state, [name]: secret }, '', location.pathname);
    place.set(read());
    return secret;
  }
  const kept = place.get().state[name];
  return typeof kept === 'string' ? kept : null;
}

/** The room's name or id in `/rooms/:name`, or null. */
export function roomOfPath(path: string): string | null {
  const match = /^\/rooms\/([^/]+)\/?$/.exec(path);
  return match && decoded(match[1]!);
}

/** A part of an address as it was meant; null: it is not written as addresses are. */
export function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
