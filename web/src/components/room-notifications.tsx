import { useEffect, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { CallReply, Room } from '../api/wire.js';
import { rest } from '../app/account.js';
import { toast } from '../app/toasts.js';
import { faultText, t } from '../texts/index.js';
import { act } from './act.js';
import { Notice, Spinner } from './notice.js';

type Level = CallReply<'notifications.room.get'>['level'];

const levels: readonly Level[] = ['all', 'mentions', 'nothing'];

/** Which messages of a room notify one. Every change is kept at once. */
export function RoomNotifications({ room }: { room: Room }) {
  const [level, setLevel] = useState<Level | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const params = { room: room.id };
  useEffect(() => {
    rest.call('notifications.room.get', { params }).then(
      (answer) => setLevel(answer.level),
      (error: unknown) => setFault(faultText(toFault(error))),
    );
  }, [room.id]);
  if (fault !== null) return <Notice tone="bad">{fault}</Notice>;
  if (level === null) return <Spinner label={t.app.loading} />;
  return (
    <fieldset class="choices">
      <legend>{t.notifications.level}</legend>
      {levels.map((key) => (
        <label key={key} class={`choice${key === level ? ' chosen' : ''}`}>
          <input
            type="radio"
            name="level"
            checked={key === level}
            onChange={() =>
              act(async () => {
                setLevel((await rest.call('notifications.room.update', { params, body: { level: key } })).level);
                toast(t.settings.saved);
              })
            }
          />
          <span>{t.notifications.levels[key]}</span>
        </label>
      ))}
    </fieldset>
  );
}
