import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { Message, Room } from '../api/wire.js';
import { chat } from '../app/live.js';
import { edit, editLastOwn, endEdit } from '../app/message-actions.js';
import { place } from '../app/router.js';
import { tellTyping } from '../app/typing.js';
import { draftOf, keepDraft, send, sendPrivately } from '../app/writing.js';
import { roomTitle } from '../text/names.js';
import { readTyped } from '../text/slash.js';
import { faultText, t } from '../texts/index.js';
import { Icon, type IconName } from './icon.js';
import { Link } from './link.js';
import { useStore } from './use-store.js';

const longest = 4096;

/** Where one writes, or why one cannot. */
export function Composer({ room }: { room: Room }) {
  const myId = useStore(chat, (state) => state.myId);
  if (myId === null) {
    return (
      <div class="composer-closed">
        <p>{t.composer.guest}</p>
        <Link to="/login" class="button primary small" state={{ next: place.get().path }}>
          {t.composer.logIn}
        </Link>
        <Link to="/register" class="button quiet small">
          {t.composer.register}
        </Link>
      </div>
    );
  }
  if (room.posting === 'admins' && room.myRole !== 'owner' && room.myRole !== 'admin') {
    return <div class="composer-closed">{t.composer.readOnly}</div>;
  }
  return <Writing key={room.id} room={room} />;
}

function Writing({ room }: { room: Room }) {
  const editing = useStore(chat, ({ open, logs }) => {
    const id = open?.editing;
    return id ? logs[room.id]?.items.find((message) => message.id === id && !message.deletedAt) : undefined;
  });
  return editing ? <Rewriting key={editing.id} message={editing} /> : <NewMessage room={room} />;
}

/** A new message to the room, or with /pm to one person. */
function NewMessage({ room }: { room: Room }) {
  const [text, setText] = useState(() => draftOf(room.id));
  const [usage, setUsage] = useState(false);
  const typed = readTyped(text);
  const left = charactersLeft(text);
  const ready = left >= 0 && (typed.kind === 'message' || typed.kind === 'private');
  const isPrivate = typed.kind === 'private' || typed.kind === 'usage';
  useEffect(() => () => tellTyping(room.id, false), []);

  const change = (value: string) => {
    setText(value);
    setUsage(false);
    keepDraft(room.id, value);
    // What goes to one person alone is not announced to the room.
    tellTyping(room.id, readTyped(value).kind === 'message');
  };
  const submit = () => {
    if (typed.kind === 'usage') setUsage(true);
    if (!ready) return;
    if (typed.kind === 'message') send(room.id, typed.content);
    else if (typed.kind === 'private') sendPrivately(room.id, typed.to, typed.content);
    change('');
  };
  return (
    <WritingBox
      text={text}
      onText={change}
      onSubmit={submit}
      ready={ready || typed.kind === 'usage'}
      isPrivate={isPrivate}
      label={t.composer.label(roomTitle(room))}
      placeholder={t.composer.placeholder(roomTitle(room))}
      button={t.composer.send}
      icon="send"
      above={<WhoTypes roomId={room.id} />}
      hint={usage ? t.composer.usage : isPrivate ? t.composer.privateHint : null}
      onKey={(event) => {
        if (event.key === 'ArrowUp' && text === '' && editLastOwn()) event.preventDefault();
      }}
    />
  );
}

/** Another wording of a message that was sent. */
function Rewriting({ message }: { message: Message }) {
  const [text, setText] = useState(message.content);
  const [state, setState] = useState<{ busy: boolean; fault: string | null }>({ busy: false, fault: null });
  const content = text.trim();
  const submit = async () => {
    if (state.busy) return;
    if (content === message.content) {
      endEdit();
      return;
    }
    setState({ busy: true, fault: null });
    try {
      await edit(message.id, content);
      endEdit();
    } catch (error) {
      setState({ busy: false, fault: faultText(toFault(error)) });
    }
  };
  return (
    <WritingBox
      text={text}
      onText={setText}
      onSubmit={() => {
        submit().catch(() => undefined);
      }}
      ready={content !== '' && charactersLeft(text) >= 0 && !state.busy}
      label={t.composer.editing}
      placeholder=""
      button={t.composer.save}
      icon="check"
      above={
        <>
          <strong>{t.composer.editing}</strong>
          <button type="button" class="link-button" onClick={endEdit}>
            {t.app.cancel}
          </button>
        </>
      }
      hint={state.fault ? <span class="bad">{state.fault}</span> : <span class="keys">{t.composer.editHint}</span>}
      onKey={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          endEdit();
        }
      }}
    />
  );
}

interface WritingBoxProps {
  text: string;
  onText: (text: string) => void;
  onSubmit: () => void;
  /** Whether it can be sent as it is. */
  ready: boolean;
  isPrivate?: boolean;
  label: string;
  placeholder: string;
  button: string;
  icon: IconName;
  above: ComponentChildren;
  hint: ComponentChildren;
  onKey: (event: KeyboardEvent) => void;
}

/** A text area that grows, with its button. Enter sends and Shift+Enter begins a line; on a touch screen Enter begins a line. */
function WritingBox({ text, onText, onSubmit, ready, isPrivate, label, placeholder, button, icon, above, hint, onKey }: WritingBoxProps) {
  const area = useRef<HTMLTextAreaElement>(null);
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
  return (
    <form
      class={`composer${isPrivate ? ' private' : ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="composer-notes">
        <div class="composer-above">{above}</div>
        <div class="composer-hint" role="status">
          {left < 0 ? <span class="bad">{t.composer.tooLong(-left)}</span> : left < 300 ? t.composer.left(left) : hint}
        </div>
      </div>
      <div class="composer-box">
        <textarea
          ref={area}
          rows={1}
          value={text}
          dir="auto"
          placeholder={placeholder}
          aria-label={label}
          aria-invalid={left < 0 ? 'true' : undefined}
          enterkeyhint="enter"
          onInput={(event) => onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.isComposing) return;
            onKey(event);
            if (event.key !== 'Enter' || event.shiftKey || matchMedia('(pointer: coarse)').matches) return;
            event.preventDefault();
            submit();
          }}
        />
        <button type="submit" class="send" aria-label={button} disabled={!ready}>
          <Icon name={icon} />
        </button>
      </div>
    </form>
  );
}

function WhoTypes({ roomId }: { roomId: string }) {
  const people = useStore(chat, (state) => state.typing[roomId]);
  if (!people || people.length === 0) return null;
  return (
    <span class="typing">
      <span class="dots" aria-hidden="true">
        <span />
        <span />
        <span />
      </span>
      {t.composer.typing(people.map((person) => person.username))}
    </span>
  );
}

function charactersLeft(text: string): number {
  return longest - Array.from(text.trim()).length;
}
