import type { CallReply, Room } from '../api/wire.js';
import { rest } from '../app/account.js';
import { authorName } from '../text/names.js';
import { t } from '../texts/index.js';
import { AuthorAvatar } from './avatar.js';
import { Notice } from './notice.js';
import { usePages, useTask } from './use-list.js';

type Ban = CallReply<'rooms.bans.list'>['items'][number];

/** Who is banned from a room, with a way back; nothing where nobody is. For moderators and above. @param count how many were banned from this page */
export function RoomBans({ room, count }: { room: Room; count: number }) {
  const params = { room: room.id };
  const pages = usePages<Ban>(
    (cursor) => rest.call('rooms.bans.list', { params, query: { limit: 50, ...(cursor && { cursor }) } }),
    [room.id, count],
  );
  const task = useTask();
  if (!pages.items || pages.items.length === 0) return null;
  return (
    <section class="part bans">
      <h3>{t.manage.banned}</h3>
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      <ul class="members">
        {pages.items.map(({ user }) => (
          <li key={user.id}>
            <AuthorAvatar author={user} />
            <span class="member-text">
              <strong>{authorName(user)}</strong>
              <small>@{user.username}</small>
            </span>
            <button
              type="button"
              class="button quiet small"
              aria-label={t.manage.unban(authorName(user))}
              disabled={task.busy}
              onClick={() =>
                task.run(async () => {
                  await rest.call('rooms.bans.remove', { params: { ...params, userId: user.id } });
                  pages.change((items) => items.filter((other) => other.user.id !== user.id));
                })
              }
            >
              {t.manage.unbanDo}
            </button>
          </li>
        ))}
      </ul>
      {pages.more && (
        <button type="button" class="button quiet small" onClick={pages.more}>
          {t.app.more}
        </button>
      )}
    </section>
  );
}
