import { useEffect, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { CallInput, NotificationPreferences } from '../api/wire.js';
import { rest } from '../app/account.js';
import { toast } from '../app/toasts.js';
import { faultText, t } from '../texts/index.js';
import { act } from './act.js';
import { Field } from './field.js';
import { Notice, Spinner } from './notice.js';

type Topic = keyof NotificationPreferences['kinds'];

const topics: readonly Topic[] = [
  'message.mention',
  'message.reply',
  'message.posted',
  'friend.requested',
  'friend.accepted',
  'room.added',
  'announcement',
  'security',
];
/** These are always shown. */
const always: ReadonlySet<Topic> = new Set<Topic>(['announcement', 'security']);

/** What one is told of, by which way, and when one is left in peace. Every change is kept at once. */
export function NotificationSettings() {
  const [preferences, setPreferences] = useState<NotificationPreferences | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    rest.call('notifications.preferences.get', {}).then(setPreferences, (error: unknown) => setFault(faultText(toFault(error))));
  }, []);
  if (fault !== null) return <Notice tone="bad">{fault}</Notice>;
  if (!preferences) return <Spinner label={t.app.loading} />;
  const change = (body: NonNullable<CallInput<'notifications.preferences.update'>['body']>) =>
    act(async () => {
      setPreferences(await rest.call('notifications.preferences.update', { body }));
      toast(t.settings.saved);
    });
  const cell = (topic: Topic, way: 'inApp' | 'mail') => (
    <td>
      <input
        type="checkbox"
        aria-label={`${t.notifications.kinds[topic]}: ${way === 'inApp' ? t.notifications.inApp : t.notifications.mail}`}
        checked={preferences.kinds[topic][way]}
        disabled={(way === 'inApp' && always.has(topic)) || (way === 'mail' && !preferences.mail)}
        onChange={(event) => change({ kinds: { [topic]: { [way]: event.currentTarget.checked } } })}
      />
    </td>
  );
  return (
    <>
      <p class="lead">{t.notifications.preferencesLead}</p>
      <label class="check">
        <input type="checkbox" checked={preferences.mail} onChange={(event) => change({ mail: event.currentTarget.checked })} />
        <span>{t.notifications.mailAtAll}</span>
      </label>
      <table class="preference-table">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{t.notifications.preferences}</span>
            </th>
            <th scope="col">{t.notifications.inApp}</th>
            <th scope="col">{t.notifications.mail}</th>
          </tr>
        </thead>
        <tbody>
          {topics.map((topic) => (
            <tr key={topic}>
              <th scope="row">{t.notifications.kinds[topic]}</th>
              {cell(topic, 'inApp')}
              {cell(topic, 'mail')}
            </tr>
          ))}
        </tbody>
      </table>
      <QuietHours preferences={preferences} onChange={(quietHours) => change({ quietHours })} />
    </>
  );
}

type Quiet = NotificationPreferences['quietHours'];

function QuietHours({ preferences, onChange }: { preferences: NotificationPreferences; onChange: (quiet: Quiet) => void }) {
  const { quietHours } = preferences;
  const [from, setFrom] = useState(quietHours?.from ?? '22:00');
  const [to, setTo] = useState(quietHours?.until ?? '07:00');
  // The person's own clock is meant: the one of this device.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <section class="part">
      <h2>{t.notifications.quiet}</h2>
      <p class="part-text">{t.notifications.quietText}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ from, until: to, timeZone });
        }}
      >
        <div class="field-pair">
          <Field label={t.notifications.from} name="from" type="time" value={from} onValue={setFrom} />
          <Field label={t.notifications.to} name="to" type="time" value={to} onValue={setTo} />
        </div>
        <div class="actions">
          <button type="submit" class="button quiet" disabled={from === to}>
            {t.settings.save}
          </button>
          {quietHours && (
            <button type="button" class="button quiet" onClick={() => onChange(null)}>
              {t.notifications.quietOff}
            </button>
          )}
        </div>
      </form>
    </section>
  );
}
