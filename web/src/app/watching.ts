import { chat, socket } from './live.js';

/** A wish to be told what is new: of the feed, or (`post`) of one post and its comments. */
interface Watch {
  readonly post: string | null;
  /** Called whenever the server looks for this page from now on: what came before has to be read. */
  readonly seen: () => void;
}

/** The server forgets with the connection what a socket looks at, so it is told again after each one. */
const watches = new Set<Watch>();

let online = false;
let started = false;

/** Looks at the feed. @param seen see `Watch` @returns the end of it */
export function watchFeed(seen: () => void): () => void {
  return begin({ post: null, seen });
}

/** Looks at one post and its comments. @param seen see `Watch` @returns the end of it */
export function watchPost(post: string, seen: () => void): () => void {
  return begin({ post, seen });
}

function begin(watch: Watch): () => void {
  follow();
  watches.add(watch);
  if (online) tell(watch);
  return () => {
    watches.delete(watch);
    const wanted = [...watches].some(({ post }) => post === watch.post);
    if (online && !wanted) look(watch.post, false).catch(() => undefined);
  };
}

function follow(): void {
  if (started) return;
  started = true;
  online = chat.get().connection === 'online';
  chat.subscribe(() => {
    const now = chat.get().connection === 'online';
    if (now === online) return;
    online = now;
    if (now) watches.forEach(tell);
  });
}

function tell(watch: Watch): void {
  look(watch.post, true).then(
    () => {
      if (watches.has(watch)) watch.seen();
    },
    () => undefined,
  );
}

async function look(post: string | null, on: boolean): Promise<void> {
  if (post === null) await socket.command(on ? 'feed.watch' : 'feed.unwatch', {});
  else await socket.command(on ? 'post.watch' : 'post.unwatch', { id: post });
}
