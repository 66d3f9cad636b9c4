import { useState } from 'preact/hooks';
import type { Member, Room } from '../api/wire.js';
import { rest } from '../app/account.js';
import { chat } from '../app/live.js';
import { toast } from '../app/toasts.js';
import { authorName } from '../text/names.js';
import { mayLiftBans, mayManage, mayRemove, rolesToGive } from '../text/roles.js';
import { t } from '../texts/index.js';
import { AuthorAvatar } from './avatar.js';
import { Confirm } from './dialog.js';
import { Field } from './field.js';
import { useForm } from './form.js';
import { Icon } from './icon.js';
import { ListState } from './list-state.js';
import { Notice } from './notice.js';
import { PersonMenu } from './person-menu.js';
import { RoomBans } from './room-bans.js';
import { usePages, useTask } from './use-list.js';
import { useStore } from './use-store.js';

/** The members of a room with their roles; whoever may adds, promotes, removes and bans here. */
export function RoomMembers({ room }: { room: Room }) {
  const params = { room: room.id };
  const pages = usePages<Member>(
    (cursor) => rest.call('rooms.members.list', { params, query: { limit: 50, ...(cursor && { cursor }) } }),
    [room.id],
  );
  const [asking, setAsking] = useState<{ member: Member; act: 'kick' | 'ban' } | null>(null);
  const [banned, setBanned] = useState(0);
  const task = useTask();
  const myId = useStore(chat, (state) => state.myId);
  const put = (member: Member) =>
    pages.change((items) =>
      items.some(({ user }) => user.id === member.user.id)
        ? items.map((other) => (other.user.id === member.user.id ? member : other))
        : [...items, member],
    );
  return (
    <>
      {mayManage(room.myRole) && room.kind !== 'direct' && <AddMember room={room} onAdded={put} />}
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      <ListState of={pages} empty={t.manage.nobody}>
        <ul class="members">
          {pages.items?.map((member) => {
            const name = authorName(member.user);
            const give = rolesToGive(room.myRole, member.role);
            return (
              <li key={member.user.id}>
                <AuthorAvatar author={member.user} />
                <span class="member-text">
                  <strong>{name}</strong>
                  <small>
                    @{member.user.username}
                    {member.user.id === myId ? ` · ${t.room.you}` : member.online ? ` · ${t.manage.online}` : ''}
                  </small>
                </span>
                <span class="row-actions">
                  {give.length > 0 ? (
                    <select
                      class="small-select"
                      aria-label={t.manage.roleOf(name)}
                      value={member.role}
                      disabled={task.busy}
                      onChange={(event) => {
                        const role = event.currentTarget.value as Member['role'];
                        task.run(async () => {
                          put(
                            (await rest.call('rooms.members.update', { params: { ...params, userId: member.user.id }, body: { role } }))
                              .member,
                          );
                        });
                      }}
                    >
                      {give.map((role) => (
                        <option key={role} value={role}>
                          {t.manage.roles[role]}
                        </option>
                      ))}
                    </select>
                  ) : (
                    <small>{t.manage.roles[member.role]}</small>
                  )}
                  {mayRemove(room.myRole, member.role) && member.user.id !== myId && (
                    <>
                      <button
                        type="button"
                        class="icon-button"
                        aria-label={t.manage.kick(name)}
                        title={t.manage.kick(name)}
                        onClick={() => setAsking({ member, act: 'kick' })}
                      >
                        <Icon name="out" />
                      </button>
                      <button
                        type="button"
                        class="icon-button"
                        aria-label={t.manage.ban(name)}
                        title={t.manage.ban(name)}
                        onClick={() => setAsking({ member, act: 'ban' })}
                      >
                        <Icon name="block" />
                      </button>
                    </>
                  )}
                  {member.user.id !== myId && <PersonMenu person={member.user} />}
                </span>
              </li>
            );
          })}
        </ul>
      </ListState>
      {mayLiftBans(room.myRole) && room.kind !== 'direct' && <RoomBans room={room} count={banned} />}
      {asking && (
        <Confirm
          title={asking.act === 'kick' ? t.manage.kick(authorName(asking.member.user)) : t.manage.ban(authorName(asking.member.user))}
          text={asking.act === 'kick' ? t.manage.kickText : t.manage.banText}
          action={asking.act === 'kick' ? t.manage.kickDo : t.manage.banDo}
          onNo={() => setAsking(null)}
          onYes={() => {
            const { id } = asking.member.user;
            const call = asking.act === 'kick' ? 'rooms.members.remove' : 'rooms.bans.add';
            setAsking(null);
            task.run(async () => {
              await rest.call(call, { params: { ...params, userId: id } });
              if (call === 'rooms.bans.add') setBanned((count) => count + 1);
              pages.change((items) => items.filter(({ user }) => user.id !== id));
            });
          }}
        />
      )}
    </>
  );
}

function AddMember({ room, onAdded }: { room: Room; onAdded: (member: Member) => void }) {
  const { field, form, fault, busy, setValue } = useForm({
    initial: { username: '' },
    labels: { username: t.manage.add },
    check: ({ username }) => (username.trim() ? {} : { username: t.create.needUsername }),
    submit: async ({ username }) => {
      const { member } = await rest.call('rooms.members.add', {
        params: { room: room.id },
        body: { username: username.trim().replace(/^@/, '') },
      });
      onAdded(member);
      setValue('username', '');
      toast(t.manage.added(authorName(member.user)));
    },
  });
  return (
    <form {...form} class="inline-form">
      {fault && <Notice tone="bad">{fault}</Notice>}
      <Field {...field('username')} autoComplete="off" maxLength={64} />
      <button type="submit" class="button primary" disabled={busy}>
        {t.manage.addDo}
      </button>
    </form>
  );
}
