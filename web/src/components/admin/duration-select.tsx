import { type Duration, durations } from '../../text/authority.js';
import { t } from '../../texts/index.js';
import { Select } from '../select.js';

const keys = Object.keys(durations) as Duration[];

/** For how long a mute or suspension lasts. */
export function DurationSelect({ value, onValue }: { value: Duration; onValue: (value: Duration) => void }) {
  return (
    <Select label={t.admin.until} value={value} options={keys.map((key) => ({ key, words: t.admin.durations[key] }))} onValue={onValue} />
  );
}
