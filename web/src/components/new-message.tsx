import { useEffect, useState } from 'preact/hooks';
import type { Message, Room } from '../api/wire.js';
import { draftOf, keepDraft } from '../app/drafts.js';
import { chat } from '../app/live.js';
import { editLastOwn, endReply } from '../app/message-actions.js';
import { tellTyping } from '../app/typing.js';
import { send, sendPrivately } from '../app/writing.js';
import { authorName, roomTitle } from '../text/names.js';
import { readTyped } from '../text/slash.js';
import { t } from '../texts/index.js';
import { Enclosures, useEnclosures } from './enclosures.js';
import { HelpDialog } from './help-dialog.js';
import { Icon } from './icon.js';
import { excerpt } from './quote.js';
import { useStore } from './use-store.js';
import { charactersLeft, WritingBox } from './writing-box.js';

/** A new message to the room, or with /pm to one person. */
export function NewMessage({ room }: { room: Room }) {
  const [text, setText] = useState(() => draftOf(room.id));
  const [usage, setUsage] = useState(false);
  const [help, setHelp] = useState(false);
  const enclosures = useEnclosures();
  const replyingTo = useStore(chat, (state) => state.open?.replyingTo ?? null);
  const typed = readTyped(text);
  const enclosed = enclosures.files.length > 0;
  const sayable = typed.kind === 'message' || (enclosed && typed.kind === 'nothing');
  const ready = charactersLeft(text) >= 0 && !enclosures.busy && (sayable || (typed.kind === 'private' && !enclosed));
  const isPrivate = typed.kind === 'private' || typed.kind === 'usage';
  useEffect(() => () => tellTyping(room.id, false), []);
  // Whoever chose to answer wants to write.
  useEffect(() => {
    if (replyingTo) requestAnimationFrame(() => document.querySelector<HTMLElement>('.composer textarea')?.focus());
  }, [replyingTo?.id]);

  const change = (value: string) => {
    setText(value);
    setUsage(false);
    keepDraft(room.id, value);
    // What goes to one person alone is not announced to the room.
    tellTyping(room.id, readTyped(value).kind === 'message');
  };
  const submit = () => {
    if (typed.kind === 'usage') setUsage(true);
    if (typed.kind === 'help') {
      setHelp(true);
      change('');
    }
    if (!ready) return;
    if (typed.kind === 'private') sendPrivately(room.id, typed.to, typed.content);
    else {
      send(room.id, typed.kind === 'message' ? typed.content : '', {
        ...(replyingTo && { replyTo: replyingTo.id }),
        ...(enclosed && { attachments: enclosures.take() }),
      });
      endReply();
    }
    change('');
  };
  return (
    <>
      <WritingBox
        text={text}
        onText={change}
        onSubmit={submit}
        ready={ready || typed.kind === 'usage' || typed.kind === 'help'}
        isPrivate={isPrivate}
        roomId={room.id}
        label={t.composer.label(roomTitle(room))}
        placeholder={t.composer.placeholder(roomTitle(room))}
        button={t.composer.send}
        icon="send"
        onFiles={enclosures.add}
        above={<WhoTypes roomId={room.id} />}
        hint={usage ? t.composer.usage : isPrivate ? (enclosed ? t.composer.privateNoFiles : t.composer.privateHint) : null}
        onKey={(event) => {
          if (event.key === 'ArrowUp' && text === '' && editLastOwn()) event.preventDefault();
          if (event.key === 'Escape' && replyingTo) {
            event.preventDefault();
            endReply();
          }
        }}
      >
        {replyingTo && <ReplyingTo message={replyingTo} />}
        <Enclosures {...enclosures} />
      </WritingBox>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

function ReplyingTo({ message }: { message: Message }) {
  return (
    <div class="replying">
      <Icon name="reply" />
      <p>
        <strong>{t.composer.replying(message.author ? authorName(message.author) : t.room.formerPerson)}</strong>{' '}
        <span>{excerpt(message)}</span>
      </p>
      <button type="button" class="icon-button small" aria-label={t.composer.endReply} onClick={endReply}>
        <Icon name="close" />
      </button>
    </div>
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
