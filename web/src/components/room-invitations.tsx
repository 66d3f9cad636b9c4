import { useState } from 'preact/hooks';
import type { CallReply, Invitation, Room } from '../api/wire.js';
import { rest } from '../app/account.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Icon } from './icon.js';
import { ListState } from './list-state.js';
import { Notice } from './notice.js';
import { usePages, useTask } from './use-list.js';

const day = 24 * 60 * 60;
const lives = [1, 7, 30];
const counts = [null, 1, 10, 100];

/** Links that let people into a room: made, copied and withdrawn here. */
export function RoomInvitations({ room }: { room: Room }) {
  const params = { room: room.id };
  const pages = usePages<Invitation>(
    (cursor) => rest.call('invitations.list', { params, query: { limit: 50, ...(cursor && { cursor }) } }),
    [room.id],
  );
  const [made, setMade] = useState<CallReply<'invitations.create'>['invitation'] | null>(null);
  const [days, setDays] = useState(7);
  const [most, setMost] = useState<number | null>(null);
  const task = useTask();
  const copy = async (url: string) => {
    await navigator.clipboard.writeText(url);
    toast(t.invitations.copied);
  };
  return (
    <>
      <p class="part-text">{t.invitations.lead}</p>
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      <div class="toolbar">
        <label>
          <small>{t.invitations.days}</small>{' '}
          <select class="small-select" value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {lives.map((life) => (
              <option key={life} value={life}>
                {t.invitations.day(life)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <small>{t.invitations.most}</small>{' '}
          <select
            class="small-select"
            value={most ?? ''}
            onChange={(event) => setMost(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}
          >
            {counts.map((count) => (
              <option key={count} value={count ?? ''}>
                {count === null ? t.invitations.anyNumber : t.invitations.people(count)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button primary small"
          disabled={task.busy}
          onClick={() =>
            task.run(async () => {
              const { invitation } = await rest.call('invitations.create', { params, body: { expiresIn: days * day, maxUses: most } });
              setMade(invitation);
              pages.reload();
            })
          }
        >
          {t.invitations.make}
        </button>
      </div>
      {made && (
        <div class="link-line">
          <input type="text" readOnly value={made.url} aria-label={t.invitations.link} onFocus={(event) => event.currentTarget.select()} />
          {'clipboard' in navigator && (
            <button type="button" class="button quiet small" onClick={() => act(() => copy(made.url))}>
              <Icon name="copy" />
              {t.invitations.copy}
            </button>
          )}
        </div>
      )}
      <ListState of={pages} empty={t.invitations.none}>
        <ul class="members">
          {pages.items?.map(({ id, uses, maxUses, expiresAt }) => (
            <li key={id}>
              <span class="member-text">
                <strong>{t.invitations.uses(uses, maxUses)}</strong>
                <small>{t.invitations.expires(t.time.date(expiresAt))}</small>
              </span>
              <button
                type="button"
                class="button quiet small"
                onClick={() =>
                  task.run(async () => {
                    await rest.call('invitations.withdraw', { params: { ...params, id } });
                    pages.change((items) => items.filter((other) => other.id !== id));
                  })
                }
              >
                {t.invitations.withdraw}
              </button>
            </li>
          ))}
        </ul>
      </ListState>
    </>
  );
}
