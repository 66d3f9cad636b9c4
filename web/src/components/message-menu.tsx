import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message, Room } from '../api/wire.js';
import { beginEdit, beginReply, remove, toggleReaction } from '../app/message-actions.js';
import { navigate } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { placeBeside } from './beside.js';
import { Confirm } from './dialog.js';
import { EmojiPopover } from './emoji-button.js';
import { Icon, type IconName } from './icon.js';

/** The ones that are wanted most; the others are a click further. */
const emojis = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '🔥', '👏', '✅', '👀'];

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
  const [asking, setAsking] = useState<'delete' | 'emoji' | null>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return undefined;
    element.showPopover();
    placeBeside(element, anchor);
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
  const writes = room.posting === 'everyone' || room.myRole === 'owner' || room.myRole === 'admin';
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
          <button
            type="button"
            role="menuitem"
            class="emoji more"
            aria-label={t.message.moreEmojis}
            title={t.message.moreEmojis}
            tabIndex={-1}
            onClick={() => {
              setAsking('emoji');
              menu.current?.hidePopover();
            }}
          >
            <Icon name="plus" />
          </button>
        </div>
        {writes && <Item icon="reply" words={t.message.reply} onChoose={() => choose(() => beginReply(message))} />}
        {mine && <Item icon="edit" words={t.message.edit} onChoose={() => choose(() => beginEdit(message.id))} />}
        {message.content !== '' && (
          <Item
            icon="copy"
            words={t.message.copy}
            onChoose={() =>
              choose(() => {
                copy(message.content).catch(() => undefined);
              })
            }
          />
        )}
        {(mine || room.kind === 'public') && (
          <Item
            icon="share"
            words={t.posts.share}
            onChoose={() => choose(() => navigate('/posts/new', { state: { sharedMessage: message.id } }))}
          />
        )}
        {(mine || moderates) && (
          <Item
            icon="bin"
            words={t.message.delete}
            bad
            onChoose={() => {
              setAsking('delete');
              menu.current?.hidePopover();
            }}
          />
        )}
      </div>
      {asking === 'emoji' && (
        <EmojiPopover
          anchor={anchor}
          onClose={onClose}
          onPick={(emoji) =>
            choose(() => {
              toggleReaction(message, emoji).catch(() => undefined);
            })
          }
        />
      )}
      {asking === 'delete' && (
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
