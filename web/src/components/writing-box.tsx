import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../texts/index.js';
import { CompletionList, useCompletion } from './completion-list.js';
import { EmojiButton } from './emoji-button.js';
import { Icon, type IconName } from './icon.js';

const longest = 4096;

interface WritingBoxProps {
  text: string;
  onText: (text: string) => void;
  onSubmit: () => void;
  /** Whether it can be sent as it is. */
  ready: boolean;
  isPrivate?: boolean;
  /** Whose names are offered after an @. */
  roomId: string;
  label: string;
  placeholder: string;
  button: string;
  icon: IconName;
  /** Takes pictures and files; absent: none can go along. */
  onFiles?: (files: readonly File[]) => void;
  above: ComponentChildren;
  hint: ComponentChildren;
  onKey: (event: KeyboardEvent) => void;
  /** Stands in the box, above what is typed. */
  children?: ComponentChildren;
}

/** Code points that are left, as the server counts. */
export function charactersLeft(text: string): number {
  return longest - Array.from(text.trim()).length;
}

/** A text area that grows, with its buttons. Enter sends and Shift+Enter begins a line; on a touch screen Enter begins a line. */
export function WritingBox(props: WritingBoxProps) {
  const { text, onText, onSubmit, ready, isPrivate, roomId, label, placeholder, button, icon, onFiles, above, hint, onKey } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const [dropping, setDropping] = useState(false);
  const completion = useCompletion(roomId, area, text, onText);
  const left = charactersLeft(text);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
  useEffect(() => {
    const element = area.current;
    if (!element || (text === '' && !matchMedia('(pointer: fine)').matches)) return;
    element.focus({ preventScroll: true });
    element.setSelectionRange(text.length, text.length);
  }, []);
  const submit = () => {
    onSubmit();
    area.current?.focus();
  };
  const insert = (emoji: string) => {
    const at = area.current?.selectionEnd ?? text.length;
    onText(text.slice(0, at) + emoji + text.slice(at));
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  };
  return (
    <form
      class={`composer${isPrivate ? ' private' : ''}${dropping ? ' dropping' : ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onDragOver={(event) => {
        if (!onFiles || !event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        setDropping(false);
        const files = Array.from(event.dataTransfer?.files ?? []);
        if (!onFiles || files.length === 0) return;
        event.preventDefault();
        onFiles(files);
      }}
    >
      <div class="composer-notes">
        <div class="composer-above">{above}</div>
        <div class="composer-hint" role="status">
          {left < 0 ? (
            <span class="bad">{t.composer.tooLong(-left)}</span>
          ) : left < 300 ? (
            t.composer.left(left)
          ) : completion.items.length > 0 ? (
            <span class="visually-hidden">{t.composer.suggestions(completion.items.length)}</span>
          ) : (
            hint
          )}
        </div>
      </div>
      <CompletionList {...completion} />
      <div class="composer-frame">
        {props.children}
        <div class="composer-box">
          {onFiles && <FilePicker onFiles={onFiles} />}
          <textarea
            ref={area}
            rows={1}
            value={text}
            dir="auto"
            placeholder={placeholder}
            aria-label={label}
            aria-invalid={left < 0 ? 'true' : undefined}
            aria-autocomplete="list"
            aria-controls={completion.items.length > 0 ? completion.id : undefined}
            aria-activedescendant={completion.items.length > 0 ? `${completion.id}-${completion.chosen}` : undefined}
            enterkeyhint="enter"
            onInput={(event) => {
              onText(event.currentTarget.value);
              completion.look(event.currentTarget);
            }}
            onClick={(event) => completion.look(event.currentTarget)}
            onBlur={completion.close}
            onPaste={(event) => {
              const files = Array.from(event.clipboardData?.files ?? []);
              if (!onFiles || files.length === 0) return;
              event.preventDefault();
              onFiles(files);
            }}
            onKeyDown={(event) => {
              if (event.isComposing || completion.key(event)) return;
              onKey(event);
              if (event.key !== 'Enter' || event.shiftKey || matchMedia('(pointer: coarse)').matches) return;
              event.preventDefault();
              submit();
            }}
          />
          <EmojiButton label={t.composer.emoji} onEmoji={insert} />
          <button type="submit" class="send" aria-label={button} disabled={!ready}>
            <Icon name={icon} />
          </button>
        </div>
      </div>
    </form>
  );
}

function FilePicker({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        accept="image/jpeg,image/png,image/webp,application/pdf,application/zip,text/plain"
        onChange={(event) => {
          onFiles(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={t.composer.attach}
        title={t.composer.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
    </>
  );
}
