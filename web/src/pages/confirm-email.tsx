import { useState } from 'preact/hooks';
import { rest } from '../app/account.js';
import { becomeMe } from '../app/profile.js';
import { navigate, takeSecret } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { Notice } from '../components/notice.js';
import { useTask } from '../components/use-list.js';
import { t } from '../texts/index.js';
import { CardPage } from './page.js';

/** By the link that was mailed to a new address; after a click, so that who only fetches the address confirms nothing. */
export function ConfirmEmailPage() {
  const [token] = useState(() => takeSecret('token'));
  const task = useTask();
  return (
    <CardPage title={t.settings.confirmTitle}>
      {(task.fault ?? (token === null && t.faults['auth.code-invalid'])) && (
        <Notice tone="bad">{task.fault ?? t.faults['auth.code-invalid']}</Notice>
      )}
      {token !== null && (
        <button
          type="button"
          class="button primary wide"
          disabled={task.busy}
          onClick={() =>
            task.run(async () => {
              becomeMe(await rest.call('users.email.confirm', { body: { token } }));
              toast(t.settings.emailChanged);
              navigate('/settings/account', { replace: true });
            })
          }
        >
          {t.settings.confirmDo}
        </button>
      )}
    </CardPage>
  );
}
