import { useEffect, useState } from 'preact/hooks';
import type { Notification } from '../api/wire.js';
import { rest } from '../app/account.js';
import { markNotificationsRead, personal, removeNotification } from '../app/personal.js';
import { act } from '../components/act.js';
import { AuthorAvatar } from '../components/avatar.js';
import { Icon } from '../components/icon.js';
import { Link } from '../components/link.js';
import { ListState } from '../components/list-state.js';
import { Tabs } from '../components/tabs.js';
import { Time } from '../components/time.js';
import { usePages } from '../components/use-list.js';
import { useNow, useStore } from '../components/use-store.js';
import { roomPath } from '../text/names.js';
import { postPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { FramedPage } from './frame.js';

/** What happened while one was elsewhere. */
export function NotificationsPage() {
  const [tab, setTab] = useState<'all' | 'unread'>('all');
  const unread = useStore(personal, (state) => state.unread);
  const news = useStore(personal, (state) => state.notificationNews);
  const pages = usePages<Notification>(
    (cursor) =>
      rest.call('notifications.list', { query: { limit: 30, ...(tab === 'unread' && { unread: 'true' }), ...(cursor && { cursor }) } }),
    [tab],
  );
  // News change the list without emptying it first.
  useEffect(() => {
    if (news > 0) pages.reload();
  }, [news]);
  return (
    <FramedPage area="notifications" title={t.notifications.title}>
      <div class="toolbar">
        <span>{unread > 0 ? t.notifications.unread(unread) : t.notifications.none}</span>
        {unread > 0 && (
          <button type="button" class="button quiet small" onClick={() => act(() => markNotificationsRead('all'))}>
            <Icon name="check" />
            {t.notifications.readAll}
          </button>
        )}
      </div>
      <Tabs
        label={t.notifications.title}
        tabs={[
          { key: 'all' as const, title: t.notifications.all },
          { key: 'unread' as const, title: t.notifications.onlyUnread },
        ]}
        current={tab}
        onTab={setTab}
      >
        <ListState of={pages} empty={t.notifications.none} emptyText={t.notifications.noneText}>
          <ul class="notice-rows">
            {pages.items?.map((notification) => (
              <NotificationRow key={notification.id} notification={notification} />
            ))}
          </ul>
        </ListState>
      </Tabs>
    </FramedPage>
  );
}

function NotificationRow({ notification }: { notification: Notification }) {
  const now = useNow();
  const { id, actors, message, readAt, text, updatedAt } = notification;
  const actor = actors[0];
  const target = targetOf(notification);
  const read = () => {
    if (readAt === null) act(() => markNotificationsRead([id]));
  };
  const words = (
    <>
      <span class="notice-text">{text}</span>
      {message && message.excerpt !== '' && <span class="notice-excerpt">{message.excerpt}</span>}
      <small>
        <Time at={updatedAt} now={now} />
      </small>
    </>
  );
  return (
    <li class={readAt === null ? 'unread' : ''}>
      {actor ? (
        <AuthorAvatar author={actor} />
      ) : (
        <span class="avatar medium room-sign plain" aria-hidden="true">
          <Icon name="bell" />
        </span>
      )}
      {target ? (
        <div class="member-text wrapping" onClick={read}>
          <Link to={target} {...(message && { state: { seq: message.seq } })}>
            {words}
          </Link>
        </div>
      ) : (
        <div class="member-text wrapping">{words}</div>
      )}
      {readAt === null && (
        <button type="button" class="icon-button" aria-label={t.notifications.read} title={t.notifications.read} onClick={read}>
          <Icon name="check" />
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={t.notifications.remove}
        title={t.notifications.remove}
        onClick={() => act(() => removeNotification(id))}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

/** Where a notification leads; null: nowhere. */
function targetOf({ kind, room, post }: Notification): string | null {
  if (post) return postPath(post.id);
  if (room) return roomPath(room);
  if (kind === 'friend.requested' || kind === 'friend.accepted') return '/friends';
  if (kind === 'export.ready') return '/settings/privacy';
  return kind.startsWith('security.') ? '/settings/devices' : null;
}
