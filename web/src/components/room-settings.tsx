import { useState } from 'preact/hooks';
import type { Room } from '../api/wire.js';
import { removeRoomForAll, updateRoom } from '../app/room-list.js';
import { navigate } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { mayDelete, mayManage } from '../text/roles.js';
import { isRoomName, toRoomName } from '../text/rules.js';
import { roomPath, roomTitle } from '../text/names.js';
import { t } from '../texts/index.js';
import { Confirm, Dialog } from './dialog.js';
import { Field } from './field.js';
import { useForm } from './form.js';
import { Notice } from './notice.js';
import { RoomInvitations } from './room-invitations.js';
import { RoomMedia } from './room-media.js';
import { RoomMembers } from './room-members.js';
import { RoomNotifications } from './room-notifications.js';
import { RoomPicture } from './room-picture.js';
import { Tabs } from './tabs.js';
import { useTask } from './use-list.js';

/** A room's name and rules, and its people. */
export function RoomSettings({ room, onClose }: { room: Room; onClose: () => void }) {
  const manages = mayManage(room.myRole);
  const direct = room.kind === 'direct';
  const [tab, setTab] = useState<'members' | 'about' | 'invitations' | 'media' | 'mine'>(direct ? 'media' : 'members');
  const tabs = [
    ...(direct ? [] : [{ key: 'members' as const, title: t.manage.members }]),
    { key: 'media' as const, title: t.media.tab },
    ...(room.myRole !== null ? [{ key: 'mine' as const, title: t.media.notify }] : []),
    ...(manages && !direct
      ? [
          { key: 'invitations' as const, title: t.invitations.tab },
          { key: 'about' as const, title: t.manage.about },
        ]
      : []),
  ];
  return (
    <Dialog title={roomTitle(room)} onClose={onClose}>
      <Tabs label={t.manage.title} tabs={tabs} current={tab} onTab={setTab}>
        {tab === 'members' && <RoomMembers room={room} />}
        {tab === 'media' && <RoomMedia room={room} onClose={onClose} />}
        {tab === 'mine' && <RoomNotifications room={room} />}
        {tab === 'invitations' && <RoomInvitations room={room} />}
        {tab === 'about' && <About room={room} onClose={onClose} />}
      </Tabs>
    </Dialog>
  );
}

function About({ room, onClose }: { room: Room; onClose: () => void }) {
  const [rules, setRules] = useState({
    kind: room.kind === 'private' ? ('private' as const) : ('public' as const),
    posting: room.posting,
    access: room.access,
    guestsAllowed: room.guestsAllowed,
  });
  const { field, form, fault, busy } = useForm({
    initial: { name: room.name, title: room.title },
    labels: { name: t.create.name, title: t.create.topic },
    check: ({ name }) => (isRoomName(toRoomName(name)) ? {} : { name: t.create.nameInvalid }),
    submit: async ({ name, title }) => {
      const changed = await updateRoom(room, { ...rules, name: toRoomName(name), ...(title.trim() && { title: title.trim() }) });
      toast(t.manage.saved);
      onClose();
      if (changed.name !== room.name) navigate(roomPath(changed), { replace: true });
    },
  });
  const box = (key: string, words: string, checked: boolean, onCheck: (checked: boolean) => void) => (
    <label key={key} class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onCheck(event.currentTarget.checked)} />
      <span>{words}</span>
    </label>
  );
  return (
    <>
      <RoomPicture room={room} />
      <form {...form}>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <Field {...field('name')} hint={t.create.nameHint} autoComplete="off" maxLength={128} />
        <Field {...field('title')} autoComplete="off" maxLength={255} />
        <fieldset class="checks">
          <legend>{t.manage.rules}</legend>
          {box('private', t.manage.isPrivate, rules.kind === 'private', (checked) =>
            setRules({ ...rules, kind: checked ? 'private' : 'public' }),
          )}
          {box('posting', t.manage.postingAdmins, rules.posting === 'admins', (checked) =>
            setRules({ ...rules, posting: checked ? 'admins' : 'everyone' }),
          )}
          {box('access', t.manage.accessAdmins, rules.access === 'admins', (checked) =>
            setRules({ ...rules, access: checked ? 'admins' : 'everyone' }),
          )}
          {rules.kind === 'public' &&
            box('guests', t.manage.guests, rules.guestsAllowed, (checked) => setRules({ ...rules, guestsAllowed: checked }))}
        </fieldset>
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? t.create.busy : t.manage.save}
        </button>
      </form>
      {mayDelete(room.myRole) && <DeleteRoom room={room} />}
    </>
  );
}

function DeleteRoom({ room }: { room: Room }) {
  const [asking, setAsking] = useState(false);
  const task = useTask();
  return (
    <div class="danger-zone">
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      <button type="button" class="button danger" disabled={task.busy} onClick={() => setAsking(true)}>
        {t.manage.delete}
      </button>
      {asking && (
        <Confirm
          title={t.manage.deleteTitle(roomTitle(room))}
          text={t.manage.deleteText}
          action={t.manage.delete}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            task.run(async () => {
              await removeRoomForAll(room.id);
              navigate('/');
            });
          }}
        />
      )}
    </div>
  );
}
