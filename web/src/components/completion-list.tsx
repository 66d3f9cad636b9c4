import type { RefObject } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { chat } from '../app/live.js';
import { knownPeople, learnPeople } from '../app/people-of-room.js';
import { type Completable, completableAt, complete } from '../text/completion.js';
import { commands } from '../text/slash.js';
import { t } from '../texts/index.js';
import { Avatar } from './avatar.js';
import { useStore } from './use-store.js';

interface Suggestion {
  key: string;
  /** What stands in the text afterwards. */
  word: string;
  label: string;
  detail: string;
  person?: { id: string; url: string | null };
}

export interface Completion {
  id: string;
  items: readonly Suggestion[];
  chosen: number;
  choose: (index: number) => void;
}

const most = 6;

/** What is offered for the word at the caret: people after an @, commands after a slash. */
export function useCompletion(roomId: string, area: RefObject<HTMLTextAreaElement | null>, text: string, onText: (text: string) => void) {
  const id = useId();
  const [at, setAt] = useState<(Completable & { caret: number }) | null>(null);
  const [chosen, setChosen] = useState(0);
  const myId = useStore(chat, (state) => state.myId);
  const people = useStore(knownPeople, (all) => all[roomId]);
  useEffect(() => {
    if (at?.kind === 'mention') learnPeople(roomId);
  }, [at?.kind, roomId]);

  const items: readonly Suggestion[] =
    at === null
      ? []
      : at.kind === 'command'
        ? commands
            .filter((command) => command.startsWith(at.query.toLowerCase()))
            .map((command) => ({ key: command, word: `/${command}`, label: t.help.usage[command], detail: t.help.commands[command] }))
        : (people ?? [])
            .filter((person) => person.id !== myId && matches(at.query, person.username, person.displayName))
            .slice(0, most)
            .map(({ id: key, username, displayName, avatarUrl }) => ({
              key,
              word: `@${username}`,
              label: displayName || username,
              detail: `@${username}`,
              person: { id: key, url: avatarUrl },
            }));

  const close = () => setAt(null);
  const choose = (index: number) => {
    const item = items[index];
    if (!at || !item) return;
    const next = complete(text, at.caret, at.from, item.word);
    onText(next.text);
    close();
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  return {
    id,
    items,
    chosen: Math.min(chosen, Math.max(0, items.length - 1)),
    choose,
    close,
    look: (element: HTMLTextAreaElement) => {
      const caret = element.selectionEnd;
      const found = element.selectionStart === caret ? completableAt(element.value, caret) : null;
      setAt(found && { ...found, caret });
      setChosen(0);
    },
    /** @returns whether the key was for the list */
    key: (event: KeyboardEvent): boolean => {
      if (items.length === 0) return false;
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setChosen((before) => (Math.min(before, items.length - 1) + step + items.length) % items.length);
      else if (event.key === 'Escape') close();
      // A command that stands there in full is sent, not completed.
      else if ((event.key === 'Enter' && !event.shiftKey && text.trim() !== items[chosen]?.word) || event.key === 'Tab') choose(chosen);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

function matches(query: string, username: string, displayName: string): boolean {
  const key = query.toLowerCase();
  return (
    username.toLowerCase().startsWith(key) ||
    displayName
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(key))
  );
}

/** The suggestions above the text area. The focus stays in the text; the chosen one is told by `aria-activedescendant`. */
export function CompletionList({ id, items, chosen, choose }: Completion) {
  if (items.length === 0) return null;
  return (
    <ul class="completion" id={id} role="listbox" aria-label={t.composer.suggestionsLabel}>
      {items.map((item, index) => (
        <li
          key={item.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            choose(index);
          }}
        >
          {item.person && <Avatar name={item.label} id={item.person.id} url={item.person.url} size="small" />}
          <strong>{item.label}</strong>
          <small>{item.detail}</small>
        </li>
      ))}
    </ul>
  );
}
