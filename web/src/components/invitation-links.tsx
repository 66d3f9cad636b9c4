import { useState } from 'preact/hooks';
import type { Invitation, SiteInvitation } from '../api/wire.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Icon } from './icon.js';
import { ListState } from './list-state.js';
import { Notice } from './notice.js';
import { Select } from './select.js';
import { usePages, useTask } from './use-list.js';

const day = 24 * 60 * 60;
const lives = ['1', '7', '30'] as const;
const unlimited = 'any';

interface InvitationLinksProps<I extends Invitation | SiteInvitation> {
  /** How many people a link may be for; null: any number. The first one is chosen already. */
  counts: readonly (number | null)[];
  list: (cursor: string | undefined) => Promise<{ items: readonly I[]; nextCursor: string | null }>;
  /** Makes a link that is good for so many seconds; answers its address, which is told this once. */
  make: (expiresIn: number, maxUses: number | null) => Promise<string>;
  withdraw: (id: string) => Promise<unknown>;
}

/** Links that let people in, into a room or to the site: made, copied and withdrawn here. */
export function InvitationLinks<I extends Invitation | SiteInvitation>({ counts, list, make, withdraw }: InvitationLinksProps<I>) {
  const pages = usePages<I>(list);
  const [made, setMade] = useState<string | null>(null);
  const [days, setDays] = useState<(typeof lives)[number]>('7');
  const [most, setMost] = useState(keyOf(counts[0] ?? null));
  const task = useTask();
  return (
    <>
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          task.run(async () => {
            setMade(await make(Number(days) * day, most === unlimited ? null : Number(most)));
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
          options={counts.map((count) => ({
            key: keyOf(count),
            words: count === null ? t.invitations.anyNumber : t.invitations.people(count),
          }))}
          onValue={setMost}
        />
        <button type="submit" class="button primary" disabled={task.busy}>
          {t.invitations.make}
        </button>
      </form>
      {made !== null && <MadeLink url={made} />}
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
                    await withdraw(id);
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

function keyOf(count: number | null): string {
  return count === null ? unlimited : String(count);
}

function MadeLink({ url }: { url: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(url);
    toast(t.invitations.copied);
  };
  return (
    <div class="link-line">
      <input type="text" readOnly value={url} aria-label={t.invitations.link} onFocus={(event) => event.currentTarget.select()} />
      {'clipboard' in navigator && (
        <button type="button" class="button quiet small" onClick={() => act(copy)}>
          <Icon name="copy" />
          {t.invitations.copy}
        </button>
      )}
    </div>
  );
}
