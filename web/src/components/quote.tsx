import { useEffect } from 'preact/hooks';
import type { Message } from '../api/wire.js';
import { showMessage } from '../app/history.js';
import { chat } from '../app/live.js';
import { needQuote, quotes } from '../app/quotes.js';
import { authorName } from '../text/names.js';
import { t } from '../texts/index.js';
import { useStore } from './use-store.js';

/** What a message answers, in a line; a click shows it where it was said. */
export function Quote({ id, roomId }: { id: string; roomId: string }) {
  const held = useStore(chat, (state) => state.logs[roomId]?.items.find((message) => message.id === id));
  const fetched = useStore(quotes, (all) => all[id]);
  const quoted = held ?? fetched;
  useEffect(() => {
    if (quoted === undefined) needQuote(id);
  }, [id, quoted]);
  if (quoted === undefined || quoted === 'gone')
    return <p class="quote gone">{quoted === undefined ? t.app.loading : t.message.quoteGone}</p>;
  const name = quoted.author ? authorName(quoted.author) : t.room.formerPerson;
  return (
    <button
      type="button"
      class="quote"
      title={t.message.showQuoted(name)}
      onClick={() => {
        showMessage(quoted.seq).catch(() => undefined);
      }}
    >
      <strong>{name}</strong> <span>{excerpt(quoted)}</span>
    </button>
  );
}

/** What a message says, in a line. */
export function excerpt(message: Pick<Message, 'content' | 'deletedAt' | 'attachments'>): string {
  if (message.deletedAt) return t.room.deleted;
  if (message.content !== '') return message.content.replace(/\s+/g, ' ').slice(0, 160);
  return message.attachments.some(({ kind }) => kind === 'image') ? t.message.picture : t.message.file;
}
