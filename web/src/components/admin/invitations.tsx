import { useEffect, useState } from 'preact/hooks';
import type { CallReply, SiteInvitation } from '../../api/wire.js';
import { rest } from '../../app/account.js';
import { toast } from '../../app/toasts.js';
import { t } from '../../texts/index.js';
import { act } from '../act.js';
import { Icon } from '../icon.js';
import { ListState } from '../list-state.js';
import { Notice } from '../notice.js';
import { Select } from '../select.js';
import { usePages, useTask } from '../use-list.js';

const day = 86_400;
const lives = ['1', '7', '30'] as const;
const counts = ['1', '10', '100', '1000'] as const;

/** How people may register, and links that let them where that needs an invitation. */
export function Invitations() {
  const pages = usePages<SiteInvitation>((cursor) =>
    rest.call('admin.invitations.list', { query: { limit: 50, ...(cursor && { cursor }) } }),
  );
  const [made, setMade] = useState<string | null>(null);
  const [days, setDays] = useState<(typeof lives)[number]>('7');
  const [most, setMost] = useState<(typeof counts)[number]>('1');
  const task = useTask();
  const copy = async (url: string) => {
    await navigator.clipboard.writeText(url);
    toast(t.invitations.copied);
  };
  return (
    <>
      <Mode />
      <p class="part-text">
        {t.admin.inviteLead} {t.invitations.lead}
      </p>
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          task.run(async () => {
            const { url } = await rest.call('admin.invitations.create', { body: { maxUses: Number(most), expiresIn: Number(days) * day } });
            setMade(url);
            pages.reload();
          });
        }}
      >
        <Select
          label={t.invitations.days}
          value={days}
          options={lives.map((key) => ({ key, words: t.invitations.day(Number(key)) }))}
          onValue={setDays}
        />
        <Select
          label={t.invitations.most}
          value={most}
          options={counts.map((key) => ({ key, words: t.invitations.people(Number(key)) }))}
          onValue={setMost}
        />
        <button type="submit" class="button primary" disabled={task.busy}>
          {t.invitations.make}
        </button>
      </form>
      {made !== null && (
        <div class="link-line">
          <input type="text" readOnly value={made} aria-label={t.invitations.link} onFocus={(event) => event.currentTarget.select()} />
          {'clipboard' in navigator && (
            <button type="button" class="button quiet small" onClick={() => act(() => copy(made))}>
              <Icon name="copy" />
              {t.invitations.copy}
            </button>
          )}
        </div>
      )}
      <ListState of={pages} empty={t.admin.noInvitations}>
        <ul class="members">
          {pages.items?.map(({ id, uses, maxUses, expiresAt }) => (
            <li key={id}>
              <span class="member-text">
                <strong>{t.admin.uses(uses, maxUses)}</strong>
                <small>{t.invitations.expires(t.time.date(expiresAt))}</small>
              </span>
              <button
                type="button"
                class="button quiet small"
                onClick={() =>
                  task.run(async () => {
                    await rest.call('admin.invitations.delete', { params: { id } });
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
