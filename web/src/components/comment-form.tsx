import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../texts/index.js';
import { useTask } from './use-list.js';

interface CommentFormProps {
  label: string;
  button: string;
  initial?: string;
  autoFocus?: boolean;
  onCancel?: () => void;
  onSend: (content: string) => Promise<void>;
}

const longest = 4096;

/** Where one comments. Enter begins a line, Ctrl or ⌘ with it sends; Escape gives up. */
export function CommentForm({ label, button, initial = '', autoFocus, onCancel, onSend }: CommentFormProps) {
  const [text, setText] = useState(initial);
  const area = useRef<HTMLTextAreaElement>(null);
  const task = useTask();
  const id = useId();
  const left = longest - Array.from(text.trim()).length;
  const ready = text.trim() !== '' && left >= 0 && !task.busy;
  useEffect(() => {
    if (!autoFocus) return;
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
  }, []);
  const submit = () => {
    if (!ready) return;
    task.run(async () => {
      await onSend(text.trim());
      setText('');
    });
  };
  return (
    <form
      class="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label for={id} class="visually-hidden">
        {label}
      </label>
      <textarea
        ref={area}
        id={id}
        rows={2}
        value={text}
        dir="auto"
        placeholder={label}
        aria-invalid={left < 0 ? 'true' : undefined}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            submit();
          }
          if (event.key === 'Escape' && onCancel) {
            event.stopPropagation();
            onCancel();
          }
        }}
      />
      {task.fault && (
        <p class="field-error" role="alert">
          {task.fault}
        </p>
      )}
      <div class="comment-form-foot">
        <small role="status">{left < 0 ? t.composer.tooLong(-left) : left < 300 ? t.composer.left(left) : ''}</small>
        {onCancel && (
          <button type="button" class="button quiet small" onClick={onCancel}>
            {t.app.cancel}
          </button>
        )}
        <button type="submit" class="button primary small" disabled={!ready}>
          {button}
        </button>
      </div>
    </form>
  );
}
