import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { passwordStrength } from '../text/rules.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';

interface FieldProps {
  label: string;
  name: string;
  value: string;
  onValue: (value: string) => void;
  onLeave?: () => void;
  error?: string | undefined;
  hint?: ComponentChildren;
  type?: 'text' | 'email' | 'password' | 'search' | 'date' | 'time';
  autoComplete?: string;
  autoFocus?: boolean;
  maxLength?: number;
  /** Stands inside the field, at its end. */
  button?: ComponentChildren;
}

/** A labelled input with its hint and, in words, what is wrong with it. */
export function Field({ label, name, value, onValue, onLeave, error, hint, type = 'text', button, autoFocus, ...rest }: FieldProps) {
  const id = useId();
  const about = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={`field${error ? ' wrong' : ''}`}>
      <label for={id}>{label}</label>
      <div class="input">
        <input
          id={id}
          name={name}
          {...inputType(type)}
          value={value}
          ref={autoFocus ? focusOnce : null}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={about || undefined}
          autoCapitalize="none"
          spellcheck={false}
          onInput={(event) => onValue(event.currentTarget.value)}
          onBlur={onLeave}
          {...rest}
        />
        {button}
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint && (
        <div class="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

type TextFieldProps = Pick<FieldProps, 'label' | 'name' | 'value' | 'onValue' | 'onLeave' | 'error' | 'hint' | 'maxLength'>;

/** A labelled text of several lines. */
export function TextField({ label, name, value, onValue, onLeave, error, hint, maxLength }: TextFieldProps) {
  const id = useId();
  const about = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={`field${error ? ' wrong' : ''}`}>
      <label for={id}>{label}</label>
      <div class="input">
        <textarea
          id={id}
          name={name}
          rows={4}
          value={value}
          dir="auto"
          maxLength={maxLength}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={about || undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
          onBlur={onLeave}
        />
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint && (
        <div class="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** The types of the elements tell every kind of input apart; here they are alike. */
function inputType(type: NonNullable<FieldProps['type']>): { type: 'text' } {
  return { type: type as 'text' };
}

const focused = new WeakSet<HTMLElement>();

function focusOnce(element: HTMLElement | null): void {
  if (!element || focused.has(element)) return;
  focused.add(element);
  // Touch screens would open the keyboard over the page.
  if (!matchMedia('(pointer: fine)').matches) return;
  // A dialog that opens around it looks for this.
  element.autofocus = true;
  element.focus();
}

type PasswordProps = Omit<FieldProps, 'type' | 'button' | 'hint'> & {
  /** For a new password: what else the person typed, to say how well it would hold. */
  strengthAgainst?: readonly string[];
};

/** A password with a button that shows it. */
export function PasswordField({ strengthAgainst, ...field }: PasswordProps) {
  const [shown, setShown] = useState(false);
  const strength = strengthAgainst && passwordStrength(field.value, strengthAgainst);
  return (
    <Field
      {...field}
      type={shown ? 'text' : 'password'}
      hint={
        strength && (
          <span class={`strength ${strength}`}>
            <span class="bar" aria-hidden="true">
              <span />
              <span />
              <span />
            </span>
            {t.password.strength[strength]}
          </span>
        )
      }
      button={
        <button
          type="button"
          class="icon-button"
          aria-label={shown ? t.password.hide : t.password.show}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? 'eye-off' : 'eye'} />
        </button>
      }
    />
  );
}
