import type { ComponentChildren } from 'preact';
import type { Author } from '../api/wire.js';
import { authorName } from '../text/names.js';
import { personPath } from '../text/paths.js';
import { AuthorAvatar } from './avatar.js';
import { Link } from './link.js';

/** A person in a list, with a word about them and what one can do. */
export function PersonRow({
  user,
  detail,
  online,
  children,
}: {
  user: Author;
  detail: ComponentChildren;
  online?: boolean;
  children: ComponentChildren;
}) {
  return (
    <li class="person-row">
      <span class={`avatar-place${online ? ' online-now' : ''}`}>
        <AuthorAvatar author={user} />
      </span>
      <span class="member-text">
        <Link to={personPath(user.username)} class="person-link">
          <strong>{authorName(user)}</strong>
        </Link>
        <small>
          @{user.username} · {detail}
        </small>
      </span>
      <span class="row-actions">{children}</span>
    </li>
  );
}
