import { useMemo, useState } from 'preact/hooks';
import type { Room } from '../api/wire.js';
import { account } from '../app/account.js';
import { askReport } from '../app/asking.js';
import { chat } from '../app/live.js';
import { leaveRoom } from '../app/room-list.js';
import { navigate } from '../app/router.js';
import { nobody } from '../store/attendance.js';
import { roomTitle } from '../text/names.js';
import { t } from '../texts/index.js';
import { act, writeTo } from './act.js';
import { Avatar } from './avatar.js';
import { Confirm } from './dialog.js';
import { Icon } from './icon.js';
import { PersonMenu } from './person-menu.js';
import { useStore } from './use-store.js';

/** The pictures of people whom this page knows more of than their names: who spoke here, the other one of a conversation, oneself. */
function usePictures(room: Room): ReadonlyMap<string, string | null> {
  const items = useStore(chat, (state) => state.logs[room.id]?.items);
  const me = useStore(account, (state) => (state.status === 'signed-in' ? state.me : null));
  return useMemo(
    () =>
      new Map(
        [...(items ?? []).map(({ author }) => author), room.peer, me].flatMap((person) =>
          person ? [[person.id, person.avatarUrl] as const] : [],
        ),
      ),
    [items, room.peer, me],
  );
}

/** Who is in the room at the moment; a name opens the conversation with that person. */
export function PeoplePanel({ room, onClose }: { room: Room; onClose: () => void }) {
  const attendance = useStore(chat, (state) => state.attendance[room.id] ?? nobody);
  const myId = useStore(chat, (state) => state.myId);
  const [leaving, setLeaving] = useState(false);
  const pictures = usePictures(room);
  const more = attendance.count - attendance.people.length;
  return (
    <aside
      class="people"
      id="people"
      aria-label={t.room.people}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div class="people-head">
        <h2>
          {t.room.people} <span class="count">{attendance.count}</span>
        </h2>
        <button type="button" class="icon-button" aria-label={t.room.hidePeople} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {attendance.people.length === 0 && <p class="people-none">{t.room.nobody}</p>}
      <ul>
        {attendance.people.map((person) => (
          <li key={person.id} class="person-line">
            {person.id === myId || myId === null ? (
              <span class="person">
                <Avatar name={person.username} id={person.id} url={pictures.get(person.id) ?? null} size="small" />
                <span class="person-name">{person.username}</span>
                {person.id === myId && <small>{t.room.you}</small>}
              </span>
            ) : (
              <button type="button" class="person" title={t.room.messagePerson(person.username)} onClick={() => writeTo(person.username)}>
                <Avatar name={person.username} id={person.id} url={pictures.get(person.id) ?? null} size="small" />
                <span class="person-name">{person.username}</span>
                <span class="person-action" aria-hidden="true">
                  <Icon name="chat" />
                </span>
              </button>
            )}
            {person.id !== myId && myId !== null && <PersonMenu person={person} />}
          </li>
        ))}
      </ul>
      {more > 0 && <p class="people-none">{t.room.morePeople(more)}</p>}
      {room.myRole !== null && room.kind !== 'direct' && (
        <button type="button" class="button quiet small leave" onClick={() => setLeaving(true)}>
          <Icon name="out" />
          {t.room.leave}
        </button>
      )}
      {myId !== null && room.kind !== 'direct' && (
        <button
          type="button"
          class="button quiet small leave"
          onClick={() => askReport({ kind: 'room', id: room.id, what: roomTitle(room) })}
        >
          <Icon name="flag" />
          {t.report.room}
        </button>
      )}
      {leaving && (
        <Confirm
          title={t.room.leave}
          text={t.room.leaveConfirm}
          action={t.room.leave}
          onNo={() => setLeaving(false)}
          onYes={() => {
            setLeaving(false);
            act(async () => {
              await leaveRoom(room.id);
              navigate('/');
            });
          }}
        />
      )}
    </aside>
  );
}
