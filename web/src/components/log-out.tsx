import { logOut } from '../app/account.js';
import { navigate } from '../app/router.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Icon } from './icon.js';

/** Ends this session; in a narrow place its sign alone. */
export function LogOutButton({ narrow = false }: { narrow?: boolean }) {
  return (
    <button
      type="button"
      class={narrow ? 'icon-button' : 'button danger'}
      aria-label={t.account.logOut}
      title={t.account.logOut}
      onClick={() =>
        act(async () => {
          await logOut();
          navigate('/login');
        })
      }
    >
      <Icon name="out" />
      {!narrow && t.account.logOut}
    </button>
  );
}
