import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type EmojiGroup, findEmojis } from '../text/emojis.js';
import { t } from '../texts/index.js';

/** Every emoji there is, found by its name. The arrow keys move in the grid; Escape closes what it stands in. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [query, setQuery] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const found = useMemo(() => findEmojis(query), [query]);
  useEffect(() => {
    // On a touch screen the keyboard would cover the emojis.
    if (matchMedia('(pointer: fine)').matches) input.current?.focus();
  }, []);
  const groups = [...new Set(found.map(({ group }) => group))];

  const move = (event: KeyboardEvent) => {
    const buttons = Array.from(grid.current?.querySelectorAll('button') ?? []);
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
    if (step === undefined || (at === -1 && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    if (at + step < 0) input.current?.focus();
    else buttons[at === -1 ? 0 : Math.min(at + step, buttons.length - 1)]?.focus();
  };
  return (
    <div class="emoji-picker" onKeyDown={move}>
      <input
        ref={input}
        type="text"
        class="emoji-search"
        value={query}
        placeholder={t.emoji.search}
        aria-label={t.emoji.search}
        autoComplete="off"
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (found[0]) onPick(found[0].emoji);
        }}
      />
      <div class="emoji-grid" ref={grid}>
        {groups.map((group: EmojiGroup) => (
          <section key={group} aria-label={t.emoji.groups[group]}>
            <h3>{t.emoji.groups[group]}</h3>
            <div>
              {found
                .filter((entry) => entry.group === group)
                .map(({ emoji, words }) => (
                  <button
                    key={emoji}
                    type="button"
                    class="emoji"
                    aria-label={`${emoji} ${nameOf(words)}`}
                    title={nameOf(words)}
                    onClick={() => onPick(emoji)}
                  >
                    {emoji}
                  </button>
                ))}
            </div>
          </section>
        ))}
        {found.length === 0 && <p class="people-none">{t.emoji.none}</p>}
      </div>
    </div>
  );
}

/** The words of one language, out of all of them. */
function nameOf(words: string): string {
  return words.split('|')[t.emoji.column] ?? words;
}
