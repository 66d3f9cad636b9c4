import { useRef } from 'preact/hooks';
import { t } from '../texts/index.js';

const length = 6;

interface CodeInputProps {
  value: string;
  onValue: (code: string) => void;
  /** All six digits are there. */
  onFull: (code: string) => void;
  error?: string | undefined;
  disabled?: boolean;
}

/** Six fields for six digits: typing goes on by itself, a pasted code spreads, Backspace goes back. `value` has a space for an empty field. */
export function CodeInput({ value, onValue, onFull, error, disabled }: CodeInputProps) {
  const group = useRef<HTMLDivElement>(null);
  const digits = Array.from({ length }, (_, index) => (value[index] ?? ' ').trim());

  const focus = (index: number) => {
    const input = group.current?.querySelectorAll('input')[Math.min(Math.max(index, 0), length - 1)];
    input?.focus();
    input?.select();
  };
  const put = (next: string[]) => {
    const code = next.map((digit) => digit || ' ').join('');
    onValue(code);
    if (next.every((digit) => digit !== '')) onFull(code);
  };
  const type = (index: number, text: string) => {
    const typed = Array.from(text.normalize('NFKC').replace(/\D/g, ''));
    const next = [...digits];
    if (typed.length === 0) {
      next[index] = '';
      put(next);
      return;
    }
    // A whole code, pasted or filled in by the phone, begins at the first field.
    const from = typed.length >= length ? 0 : index;
    typed.slice(0, length - from).forEach((digit, offset) => (next[from + offset] = digit));
    put(next);
    focus(from + typed.length);
  };
  const key = (index: number, event: KeyboardEvent) => {
    if (event.key === 'Backspace' && digits[index] === '' && index > 0) {
      event.preventDefault();
      put(digits.map((digit, at) => (at === index - 1 ? '' : digit)));
      focus(index - 1);
    } else if (event.key === 'ArrowLeft') {
      event.preventDefault();
      focus(index - 1);
    } else if (event.key === 'ArrowRight') {
      event.preventDefault();
      focus(index + 1);
    }
  };

  return (
    <div class={`field${error ? ' wrong' : ''}`}>
      <div class="label" id="code-label">
        {t.activate.code}
      </div>
      <div class="code" role="group" aria-labelledby="code-label" aria-describedby={error ? 'code-error' : undefined} ref={group}>
        {digits.map((digit, index) => (
          <input
            key={index}
            type="text"
            inputMode="numeric"
            autoComplete={index === 0 ? 'one-time-code' : 'off'}
            aria-label={t.activate.digit(index + 1)}
            aria-invalid={error ? 'true' : undefined}
            value={digit}
            disabled={disabled}
            onFocus={(event) => event.currentTarget.select()}
            onKeyDown={(event) => key(index, event)}
            onPaste={(event) => {
              event.preventDefault();
              type(index, event.clipboardData?.getData('text') ?? '');
            }}
            onInput={(event) => {
              const typed = event.currentTarget.value;
              // A second digit in a full field replaces the first.
              type(index, digit !== '' && typed.length === 2 ? typed.replace(digit, '') || digit : typed);
              event.currentTarget.value = typed.replace(/\D/g, '').slice(-1);
            }}
          />
        ))}
      </div>
      {error && (
        <p class="field-error" id="code-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
