import { useEffect, useState } from 'preact/hooks';
import type { CallReply, SiteInvitation } from '../../api/wire.js';
import { rest } from '../../app/account.js';
import { t } from '../../texts/index.js';
import { InvitationLinks } from '../invitation-links.js';

/** How people may register, and links that let them where that needs an invitation. */
export function Invitations() {
  return (
    <>
      <Mode />
      <p class="part-text">
        {t.admin.inviteLead} {t.invitations.lead}
      </p>
      <InvitationLinks<SiteInvitation>
        counts={[1, 10, 100, 1000]}
        list={(cursor) => rest.call('admin.invitations.list', { query: { limit: 50, ...(cursor && { cursor }) } })}
        make={async (expiresIn, maxUses) =>
          (await rest.call('admin.invitations.create', { body: { expiresIn, ...(maxUses !== null && { maxUses }) } })).url
        }
        withdraw={(id) => rest.call('admin.invitations.delete', { params: { id } })}
      />
    </>
  );
}

/** Who may register at the moment: a setting of the server. */
function Mode() {
  const [mode, setMode] = useState<CallReply<'admin.registration.get'>['mode'] | null>(null);
  useEffect(() => {
    rest.call('admin.registration.get', {}).then(
      (answer) => setMode(answer.mode),
      () => undefined,
    );
  }, []);
  return (
    mode && (
      <p class="lead">
        <strong>{t.admin.modes[mode]}</strong> {t.admin.modeText}
      </p>
    )
  );
}
