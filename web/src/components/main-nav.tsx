import { useEffect } from 'preact/hooks';
import { account } from '../app/account.js';
import { chat } from '../app/live.js';
import { personal } from '../app/personal.js';
import { navigate } from '../app/router.js';
import { totalUnread } from '../store/directory.js';
import { mayModerate } from '../text/authority.js';
import { personPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { Icon, type IconName } from './icon.js';
import { Link } from './link.js';
import { useStore } from './use-store.js';

export type Area = 'rooms' | 'feed' | 'friends' | 'search' | 'notifications' | 'me' | 'settings' | 'admin';

/** The way between the parts of the house: a rail at the side, on a phone a bar below. */
export function MainNav({ area }: { area: Area }) {
  const unread = useStore(chat, (state) => totalUnread(state.directory));
  const requests = useStore(personal, (state) => state.requests);
  const unreadNotifications = useStore(personal, (state) => state.unread);
  const username = useStore(account, (state) => (state.status === 'signed-in' ? state.me.username : null));
  const moderates = useStore(account, (state) => state.status === 'signed-in' && mayModerate(state.me.role));
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      navigate('/search');
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, []);
  if (username === null) return null;
  const item = (key: Area, to: string, icon: IconName, waiting = 0) => (
    <Link to={to} class={`nav-item nav-${key}`} current={area === key}>
      <span class="nav-sign">
        <Icon name={icon} />
        {waiting > 0 && (
          <span class="badge">
            <span aria-hidden="true">{t.rooms.unreadBadge(waiting)}</span>
          </span>
        )}
      </span>
      <span class="nav-word">{t.nav[key]}</span>
      {waiting > 0 && <span class="visually-hidden">, {t.nav.waiting(waiting)}</span>}
    </Link>
  );
  return (
    <nav class="main-nav" aria-label={t.nav.label}>
      {item('rooms', '/', 'chat', unread)}
      {item('feed', '/feed', 'feed')}
      {item('friends', '/friends', 'people', requests)}
      {item('search', '/search', 'search')}
      {item('notifications', '/notifications', 'bell', unreadNotifications)}
      {item('me', personPath(username), 'person')}
      {item('settings', '/settings', 'gear')}
      {moderates && item('admin', '/admin', 'shield')}
    </nav>
  );
}
