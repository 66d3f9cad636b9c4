import type { ComponentChildren } from 'preact';
import { Icon } from './icon.js';

/** A word to the person above a form or a page. Bad ones are told at once by a screen reader. */
export function Notice({ tone, children }: { tone: 'bad' | 'good' | 'plain'; children: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={tone === 'bad' ? 'warn' : 'check'} />
      <div>{children}</div>
    </div>
  );
}

/** A picture-less, friendly “nothing here”. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-mark" aria-hidden="true">
        <Icon name="chat" />
      </span>
      <p class="empty-title">{title}</p>
      {text && <p class="empty-text">{text}</p>}
      {children && <div class="actions centred">{children}</div>}
    </div>
  );
}

export function Spinner({ label }: { label: string }) {
  return (
    <div class="spinner" role="status">
      <span class="dots" aria-hidden="true">
        <span />
        <span />
        <span />
      </span>
      <span>{label}</span>
    </div>
  );
}
