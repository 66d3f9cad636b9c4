import { useState } from 'preact/hooks';
import type { AuditEntry } from '../../api/wire.js';
import { rest } from '../../app/account.js';
import { authorName } from '../../text/names.js';
import { t } from '../../texts/index.js';
import { AuthorAvatar } from '../avatar.js';
import { Field } from '../field.js';
import { Link } from '../link.js';
import { ListState } from '../list-state.js';
import { Time } from '../time.js';
import { usePages } from '../use-list.js';
import { useSettled } from '../use-settled.js';
import { useNow } from '../use-store.js';
import { moment } from './standing.js';

/** Every act of moderation and administration, the newest first. */
export function AuditLog() {
  const [typed, setTyped] = useState('');
  const actor = useSettled(typed.trim().replace(/^@/, ''));
  const pages = usePages<AuditEntry>(
    (cursor) => rest.call('admin.audit.list', { query: { limit: 50, ...(actor && { actor }), ...(cursor && { cursor }) } }),
    [actor],
  );
  const now = useNow();
  return (
    <>
      <div class="filters">
        <Field label={t.admin.actor} name="actor" type="search" value={typed} onValue={setTyped} autoComplete="off" maxLength={64} />
      </div>
      <ListState of={pages} empty={t.admin.noAudit}>
        <ul class="person-rows">
          {pages.items?.map((entry) => (
            <li key={entry.id} class="person-row thing">
              {entry.actor && <AuthorAvatar author={entry.actor} />}
              <span class="member-text wrapping">
                <span>
                  <strong>{entry.actor ? authorName(entry.actor) : t.admin.nobody}</strong>: {t.admin.acts[entry.action] ?? entry.action}
                </span>
                <Detail of={entry} />
                <small>
                  <Time at={entry.at} now={now} />
                  {entry.subjectKind === 'user' && (
                    <>
                      {' · '}
                      <Link to={`/admin/people/${entry.subject}`}>{t.admin.openRecord}</Link>
                    </>
                  )}
                </small>
              </span>
            </li>
          ))}
        </ul>
      </ListState>
    </>
  );
}

function Detail({ of: { detail } }: { of: AuditEntry }) {
  const parts = Object.entries(detail).flatMap(([key, value]) =>
    value === null ? [] : [`${t.admin.details[key] ?? key}: ${valueText(key, value)}`],
  );
  return parts.length === 0 ? null : <span dir="auto">{parts.join(' · ')}</span>;
}

/** What a detail says, in words where it is a word of the server or a time. */
function valueText(key: string, value: string | number): string {
  const text = String(value);
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    kind: t.admin.sanctions,
    decision: t.admin.decisions,
    from: t.admin.roles,
    to: t.admin.roles,
  };
  if (key === 'endsAt') return moment(text) ?? text;
  return words[key]?.[text] ?? text;
}
