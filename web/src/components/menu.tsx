import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { placeBeside } from './beside.js';
import { Icon, type IconName } from './icon.js';

interface MenuProps {
  label: string;
  /** The button that opened it: the menu stands beside it, and gives the focus back to it. */
  anchor: HTMLElement;
  onClose: () => void;
  children: ComponentChildren;
}

/** What one can do with something. The arrow keys move in it; Escape and a click elsewhere close it. */
export function Menu({ label, anchor, onClose, children }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
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
  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      aria-label={label}
      class="message-menu"
      onToggle={(event) => {
        if (event.newState === 'closed') onClose();
      }}
      onKeyDown={moveFocus}
    >
      {children}
    </div>
  );
}

export function MenuItem({ icon, words, bad, onChoose }: { icon: IconName; words: string; bad?: boolean; onChoose: () => void }) {
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
