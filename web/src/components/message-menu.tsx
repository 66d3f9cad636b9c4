import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message, Room } from '../api/wire.js';
import { beginEdit, remove, toggleReaction } from '../app/message-actions.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { Confirm } from './dialog.js';
import { Icon, type IconName } from './icon.js';

const emojis = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '🔥', '👏', '✅', '👀', '🤔'];

interface MenuProps {
  message: Message;
  room: Room;
  mine: boolean;
  /** The button that opened it: the menu stands beside it, and gives the focus back to it. */
  anchor: HTMLElement;
  onClose: () => void;
}

/** What one can do with a message. The arrow keys move in it; Escape and a click elsewhere close it. */
export function MessageMenu({ message, room, mine, anchor, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState(false);
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return undefined;
    element.showPopover();
    place(element, anchor);
    element.querySelector('button')?.focus();
    return () => {
      if (element.contains(document.activeElement) && anchor.isConnected) anchor.focus();
    };
  }, [anchor]);

  const choose = (action: () => void, staysOpen = false) => {
    action();
    if (!staysOpen) onClose();
  };
  const moderates = room.myRole === 'owner' || room.myRole === 'admin' || room.myRole === 'moderator';
  return (
    <>
      <div
        ref={menu}
        popover="auto"
        role="menu"
        aria-label={t.message.menu}
        class="message-menu"
        onToggle={(event) => {
          if (event.newState === 'closed' && !asking) onClose();
        }}
        onKeyDown={moveFocus}
      >
        <div class="emojis" role="group" aria-label={t.message.reactions}>
          {emojis.map((emoji) => {
            const isMine = message.mine?.includes(emoji) ?? false;
            return (
              <button
                key={emoji}
                type="button"
                role="menuitemcheckbox"
                aria-checked={isMine}
                aria-label={isMine ? t.message.takeBack(emoji) : t.message.react(emoji)}
                class={`emoji${isMine ? ' own' : ''}`}
                tabIndex={-1}
                onClick={() =>
                  choose(() => {
                    toggleReaction(message, emoji).catch(() => undefined);
                  })
                }
              >
                {emoji}
              </button>
            );
          })}
        </div>
        {mine && <Item icon="edit" words={t.message.edit} onChoose={() => choose(() => beginEdit(message.id))} />}
        <Item
          icon="copy"
          words={t.message.copy}
          onChoose={() =>
            choose(() => {
              copy(message.content).catch(() => undefined);
            })
          }
        />
        {(mine || moderates) && (
          <Item
            icon="bin"
            words={t.message.delete}
            bad
            onChoose={() => {
              setAsking(true);
              menu.current?.hidePopover();
            }}
          />
        )}
      </div>
      {asking && (
        <Confirm
          title={t.message.deleteTitle}
          text={t.message.deleteText}
          action={t.message.delete}
          onNo={onClose}
          onYes={() =>
            choose(() => {
              remove(message.id).then(focusComposer, () => undefined);
            })
          }
        />
      )}
    </>
  );
}

function Item({ icon, words, bad, onChoose }: { icon: IconName; words: string; bad?: boolean; onChoose: () => void }) {
  return (
    <button type="button" role="menuitem" class={`menu-item${bad ? ' bad' : ''}`} tabIndex={-1} onClick={onChoose}>
      <Icon name={icon} />
      {words}
    </button>
  );
}

/** Beside the button, within the window. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const button = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.min(Math.max(8, button.right - width), innerWidth - width - 8);
  const below = button.bottom + 4;
  menu.style.left = `${left}px`;
  menu.style.top = `${below + height < innerHeight - 8 ? below : Math.max(8, button.top - height - 4)}px`;
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Tab: 1 };

function moveFocus(event: KeyboardEvent): void {
  const items = Array.from((event.currentTarget as HTMLElement).querySelectorAll('button'));
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const step = event.key === 'Tab' && event.shiftKey ? -1 : steps[event.key];
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : step === undefined ? null : at + step;
  if (next === null) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
}

/** The button that opened the menu went with the message, and the focus with the button. */
function focusComposer(): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('.composer textarea')?.focus();
  });
}

async function copy(text: string): Promise<void> {
  // Absent on plain http beyond localhost.
  if (!('clipboard' in navigator)) return;
  await navigator.clipboard.writeText(text);
  toast(t.message.copied);
}
