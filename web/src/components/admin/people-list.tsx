import { useState } from 'preact/hooks';
import type { AdminUser, Me } from '../../api/wire.js';
import { rest } from '../../app/account.js';
import { t } from '../../texts/index.js';
import { Avatar } from '../avatar.js';
import { Field } from '../field.js';
import { Link } from '../link.js';
import { ListState } from '../list-state.js';
import { Select } from '../select.js';
import { usePages } from '../use-list.js';
import { useSettled } from '../use-settled.js';
import { useNow } from '../use-store.js';
import { Standing } from './standing.js';

type Role = Me['role'];
const roles: readonly Role[] = ['user', 'moderator', 'admin'];
const sanctioned = ['muted', 'suspended'] as const;

/** Accounts, the newest first, by the beginning of name or email. */
export function PeopleList() {
  const [typed, setTyped] = useState('');
  const [role, setRole] = useState<Role | 'any'>('any');
  const [sanction, setSanction] = useState<(typeof sanctioned)[number] | 'any'>('any');
  const query = useSettled(typed.trim());
  const pages = usePages<AdminUser>(
    (cursor) =>
      rest.call('admin.users.list', {
        query: {
          limit: 30,
          ...(query && { query }),
          ...(role !== 'any' && { role }),
          ...(sanction !== 'any' && { sanctioned: sanction }),
          ...(cursor && { cursor }),
        },
      }),
    [query, role, sanction],
  );
  const now = useNow();
  return (
    <>
      <div class="filters">
        <Field label={t.admin.findPeople} name="people" type="search" value={typed} onValue={setTyped} autoComplete="off" maxLength={254} />
        <Select
          label={t.admin.role}
          value={role}
          options={[{ key: 'any' as const, words: t.admin.anyRole }, ...roles.map((key) => ({ key, words: t.admin.roles[key] }))]}
          onValue={setRole}
        />
        <Select
          label={t.admin.sanctioned}
          value={sanction}
          options={[{ key: 'any' as const, words: t.admin.anySanction }, ...sanctioned.map((key) => ({ key, words: t.admin[key] }))]}
          onValue={setSanction}
        />
      </div>
      <ListState of={pages} empty={t.admin.noPeople}>
        <ul class="person-rows">
          {pages.items?.map((user) => (
            <li key={user.id} class="person-row">
              <Avatar name={user.displayName || user.username} id={user.id} url={user.avatarUrl} />
              <span class="member-text">
                <Link to={`/admin/people/${user.id}`} class="strong-link">
                  {user.displayName || user.username}
                </Link>
                <small>
                  @{user.username} · {user.email}
                </small>
              </span>
              <span class="standing">
                <Standing user={user} now={now} />
              </span>
            </li>
          ))}
        </ul>
      </ListState>
    </>
  );
}
