import type { Invitation, Room } from '../api/wire.js';
import { rest } from '../app/account.js';
import { t } from '../texts/index.js';
import { InvitationLinks } from './invitation-links.js';

/** Links that let people into a room. */
export function RoomInvitations({ room }: { room: Room }) {
  const params = { room: room.id };
  return (
    <>
      <p class="part-text">{t.invitations.lead}</p>
      <InvitationLinks<Invitation>
        counts={[null, 1, 10, 100]}
        list={(cursor) => rest.call('invitations.list', { params, query: { limit: 50, ...(cursor && { cursor }) } })}
        make={async (expiresIn, maxUses) =>
          (await rest.call('invitations.create', { params, body: { expiresIn, maxUses } })).invitation.url
        }
        withdraw={(id) => rest.call('invitations.withdraw', { params: { ...params, id } })}
      />
    </>
  );
}
