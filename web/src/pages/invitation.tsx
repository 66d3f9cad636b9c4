import { useEffect, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { InvitationPreview } from '../api/wire.js';
import { account, rest } from '../app/account.js';
import { navigate, place } from '../app/router.js';
import { Link } from '../components/link.js';
import { Notice, Spinner } from '../components/notice.js';
import { useTask } from '../components/use-list.js';
import { useStore } from '../components/use-store.js';
import { authorName, roomPath } from '../text/names.js';
import { faultText, t } from '../texts/index.js';
import { CardPage } from './page.js';

/** Where a link that was sent to somebody leads: what they are invited to, and the door. */
export function InvitationPage({ code }: { code: string }) {
  const [preview, setPreview] = useState<InvitationPreview | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const signedIn = useStore(account, (state) => state.status === 'signed-in');
  const task = useTask();
  useEffect(() => {
    rest.call('invitations.preview', { params: { code } }).then(
      ({ invitation }) => setPreview(invitation),
      (error: unknown) => setFault(faultText(toFault(error))),
    );
  }, [code]);
  if (fault !== null) {
    return (
      <CardPage key="bad" title={t.invitations.bad} lead={fault}>
        <Link to="/" class="button primary wide">
          {t.app.home}
        </Link>
      </CardPage>
    );
  }
  if (!preview) {
    return (
      <CardPage key="asking" title={t.invitations.title}>
        <Spinner label={t.app.loading} />
      </CardPage>
    );
  }
  const { room, invitedBy, expiresAt } = preview;
  return (
    <CardPage
      key="good"
      title={t.invitations.to(room.title)}
      lead={[invitedBy && t.invitations.by(authorName(invitedBy)), t.invitations.members(room.memberCount)].filter(Boolean).join(' · ')}
    >
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      {signedIn ? (
        <button
          type="button"
          class="button primary wide"
          disabled={task.busy}
          onClick={() =>
            task.run(async () => {
              const answer = await rest.call('invitations.accept', { params: { code } });
              navigate(roomPath(answer.room), { replace: true });
            })
          }
        >
          {t.invitations.accept}
        </button>
      ) : (
        <Link to="/login" class="button primary wide" state={{ next: place.get().path }}>
          {t.invitations.logIn}
        </Link>
      )}
      <p class="aside">{t.invitations.until(t.time.date(expiresAt))}</p>
    </CardPage>
  );
}
