import { Store } from '../store/store.js';

/** A short word that goes by itself. */
export interface Toast {
  key: number;
  text: string;
  tone: 'plain' | 'bad';
  action?: { label: string; path: string };
}

export const toasts = new Store<readonly Toast[]>([]);
/** What a screen reader says next, politely. */
export const announcement = new Store<string>('');

const life = 6_000;
/** How long a screen reader has to take up what is said, in milliseconds. */
const spokenFor = 4_000;
let announceTimer: ReturnType<typeof setTimeout> | undefined;
let nextKey = 1;

export function toast(text: string, tone: Toast['tone'] = 'plain', action?: Toast['action']): void {
  const key = nextKey++;
  toasts.set([...toasts.get().slice(-2), { key, text, tone, ...(action && { action }) }]);
  setTimeout(() => dismiss(key), life);
}

export function dismiss(key: number): void {
  toasts.set(toasts.get().filter((other) => other.key !== key));
}

/** Says something once. It does not stay: what was said may be deleted. */
export function announce(text: string): void {
  clearTimeout(announceTimer);
  announcement.set('');
  announceTimer = setTimeout(() => {
    announcement.set(text);
    announceTimer = setTimeout(hush, spokenFor);
  }, 50);
}

/** Takes back what would be said next. */
export function hush(): void {
  clearTimeout(announceTimer);
  announcement.set('');
}
