import { colourOf, initials } from '../text/names.js';
import { Icon } from './icon.js';
import type { Author, Room } from '../api/wire.js';
import { authorName } from '../text/names.js';

/** A person's picture, or the initials on a colour that is always theirs. The name stands beside it, so it is silent. */
export function Avatar({
  name,
  id,
  url,
  size = 'medium',
}: {
  name: string;
  id: string;
  url?: string | null;
  size?: 'small' | 'medium' | 'large';
}) {
  return (
    <span class={`avatar ${size} tint-${colourOf(id)}`} aria-hidden="true">
      {url ? <img src={url} alt="" loading="lazy" /> : initials(name)}
    </span>
  );
}

export function AuthorAvatar({ author }: { author: Author }) {
  return <Avatar name={authorName(author)} id={author.id} url={author.avatarUrl} />;
}

/** A room's sign: the other person, a lock, or a hash. */
export function RoomAvatar({ room }: { room: Room }) {
  if (room.kind === 'direct' && room.peer) return <AuthorAvatar author={room.peer} />;
  if (room.avatarUrl) return <Avatar name={room.title || room.name} id={room.id} url={room.avatarUrl} />;
  return (
    <span class={`avatar medium room-sign tint-${colourOf(room.id)}`} aria-hidden="true">
      <Icon name={room.kind === 'private' ? 'lock' : 'hash'} />
    </span>
  );
}
