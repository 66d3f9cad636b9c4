import { useId } from 'preact/hooks';

interface SelectProps<K extends string> {
  label: string;
  value: K;
  options: readonly { key: K; words: string }[];
  onValue: (value: K) => void;
  disabled?: boolean;
}

/** A labelled choice of one. */
export function Select<K extends string>({ label, value, options, onValue, disabled }: SelectProps<K>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input">
        <select id={id} value={value} disabled={disabled} onChange={(event) => onValue(event.currentTarget.value as K)}>
          {options.map(({ key, words }) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
