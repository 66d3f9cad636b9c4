import { useState } from 'preact/hooks';
import { createRoom, openConversation } from '../app/room-list.js';
import { navigate } from '../app/router.js';
import { isRoomName, toRoomName } from '../text/rules.js';
import { t } from '../texts/index.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';
import { useForm } from './form.js';
import { Icon, type IconName } from './icon.js';
import { Notice } from './notice.js';

type Kind = 'public' | 'private' | 'direct';

/** What one can begin. */
function kinds(): readonly { kind: Kind; icon: IconName; title: string; text: string }[] {
  return [
    { kind: 'public', icon: 'hash', title: t.create.public, text: t.create.publicText },
    { kind: 'private', icon: 'lock', title: t.create.private, text: t.create.privateText },
    { kind: 'direct', icon: 'chat', title: t.create.direct, text: t.create.directText },
  ];
}

/** Begins a room or a conversation. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('public');
  return (
    <Dialog title={t.create.title} onClose={onClose}>
      <fieldset class="choices">
        <legend class="visually-hidden">{t.create.kind}</legend>
        {kinds().map((choice) => (
          <label key={choice.kind} class={`choice${choice.kind === kind ? ' chosen' : ''}`}>
            <input type="radio" name="kind" checked={choice.kind === kind} onChange={() => setKind(choice.kind)} />
            <Icon name={choice.icon} />
            <span>
              <strong>{choice.title}</strong>
              <small>{choice.text}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {kind === 'direct' ? <DirectForm onClose={onClose} /> : <RoomForm key="room" kind={kind} onClose={onClose} />}
    </Dialog>
  );
}

function RoomForm({ kind, onClose }: { kind: 'public' | 'private'; onClose: () => void }) {
  const { field, form, fault, busy } = useForm({
    initial: { name: '', title: '', members: '' },
    labels: { name: t.create.name, title: t.create.topic, members: t.create.members },
    check: ({ name }) => (isRoomName(toRoomName(name)) ? {} : { name: t.create.nameInvalid }),
    submit: async ({ name, title, members }) => {
      const usernames = members
        .split(/[\s,;]+/)
        .map((word) => word.replace(/^@/, ''))
        .filter((word) => word !== '');
      const path = await createRoom({
        name: toRoomName(name),
        kind,
        ...(title.trim() && { title: title.trim() }),
        ...(kind === 'private' && usernames.length > 0 && { members: usernames }),
      });
      onClose();
      navigate(path);
    },
  });
  return (
    <form {...form}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <Field {...field('name')} hint={t.create.nameHint} autoComplete="off" maxLength={128} />
      <Field {...field('title')} autoComplete="off" maxLength={255} />
      {kind === 'private' && <Field {...field('members')} hint={t.create.membersHint} autoComplete="off" />}
      <button type="submit" class="button primary wide" disabled={busy}>
        {busy ? t.create.busy : t.create.submitRoom}
      </button>
    </form>
  );
}

function DirectForm({ onClose }: { onClose: () => void }) {
  const { field, form, fault, busy } = useForm({
    initial: { username: '' },
    labels: { username: t.create.username },
    check: ({ username }) => (username.trim() ? {} : { username: t.create.needUsername }),
    submit: async ({ username }) => {
      const path = await openConversation(username.trim().replace(/^@/, ''));
      onClose();
      navigate(path);
    },
  });
  return (
    <form {...form}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <Field {...field('username')} autoComplete="off" maxLength={64} />
      <button type="submit" class="button primary wide" disabled={busy}>
        {busy ? t.create.busy : t.create.submitDirect}
      </button>
    </form>
  );
}
