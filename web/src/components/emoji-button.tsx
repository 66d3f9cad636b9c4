import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { placeBeside } from './beside.js';
import { Icon } from './icon.js';
import { Lazy } from './lazy.js';

const picker = async () => (await import('./emoji-picker.js')).EmojiPicker;

/** A button that opens the emojis above it. They are loaded with the first click. */
export function EmojiButton({ label, onEmoji }: { label: string; onEmoji: (emoji: string) => void }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="smile" />
      </button>
      {open && button.current && (
        <EmojiPopover
          anchor={button.current}
          onClose={() => setOpen(false)}
          onPick={(emoji) => {
            setOpen(false);
            onEmoji(emoji);
          }}
        />
      )}
    </>
  );
}

/** The picker beside a button; Escape and a click elsewhere close it and give the focus back. */
export function EmojiPopover({ anchor, onPick, onClose }: { anchor: HTMLElement; onPick: (emoji: string) => void; onClose: () => void }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const popover = element.current;
    if (!popover) return undefined;
    popover.showPopover();
    placeBeside(popover, anchor);
    return () => {
      if (popover.contains(document.activeElement) && anchor.isConnected) anchor.focus();
    };
  }, [anchor]);
  return (
    <div
      ref={element}
      popover="auto"
      role="dialog"
      aria-label={t.emoji.title}
      class="emoji-popover"
      onToggle={(event) => {
        if (event.newState === 'closed') onClose();
      }}
    >
      <Lazy load={picker} props={{ onPick }} onFail={() => toast(t.app.loadFailed, 'bad')} />
    </div>
  );
}
