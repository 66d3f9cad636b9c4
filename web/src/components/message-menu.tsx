import { useState } from 'preact/hooks';
import type { Message, Room } from '../api/wire.js';
import { beginEdit, beginReply, remove, toggleReaction } from '../app/message-actions.js';
import { askReport } from '../app/asking.js';
import { navigate } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { personPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { Confirm } from './dialog.js';
import { EmojiPopover } from './emoji-button.js';
import { Icon } from './icon.js';
import { Menu, MenuItem } from './menu.js';
import { excerpt } from './quote.js';

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
  const [asking, setAsking] = useState<'delete' | 'emoji' | null>(null);
  const choose = (action: () => void, staysOpen = false) => {
    action();
    if (!staysOpen) onClose();
  };
  const moderates = room.myRole === 'owner' || room.myRole === 'admin' || room.myRole === 'moderator';
  const writes = room.posting === 'everyone' || room.myRole === 'owner' || room.myRole === 'admin';
  return (
    <>
      {asking === null && (
        <Menu label={t.message.menu} anchor={anchor} onClose={onClose}>
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
              }}
            >
              <Icon name="plus" />
            </button>
          </div>
          {writes && <MenuItem icon="reply" words={t.message.reply} onChoose={() => choose(() => beginReply(message))} />}
          {mine && <MenuItem icon="edit" words={t.message.edit} onChoose={() => choose(() => beginEdit(message.id))} />}
          {message.content !== '' && (
            <MenuItem
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
            <MenuItem
              icon="share"
              words={t.posts.share}
              onChoose={() => choose(() => navigate('/posts/new', { state: { sharedMessage: message.id } }))}
            />
          )}
          {(mine || moderates) && (
            <MenuItem
              icon="bin"
              words={t.message.delete}
              bad
              onChoose={() => {
                setAsking('delete');
              }}
            />
          )}
          {!mine && message.author && (
            <MenuItem
              icon="person"
              words={t.report.profile}
              onChoose={() => {
                const username = message.author?.username;
                choose(() => username !== undefined && navigate(personPath(username)));
              }}
            />
          )}
          {!mine && message.author && (
            <MenuItem
              icon="flag"
              words={t.report.action}
              onChoose={() => {
                const { author } = message;
                choose(() => askReport({ kind: 'message', id: message.id, what: excerpt(message), ...(author && { owner: author }) }));
              }}
            />
          )}
        </Menu>
      )}
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
