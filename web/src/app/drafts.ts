import { keep, readKept } from './storage.js';

/** Drafts of one person, by room. They survive a reload, and go with the log-out. */
let drafts = new Map<string, string>();
let owner: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Typing is not written down letter by letter, in milliseconds. */
const keepDelay = 400;

/** Takes up what a person has begun on this device. */
export function startDrafts(userId: string | null): void {
  write();
  owner = userId;
  drafts = new Map(userId === null ? [] : Object.entries(readKept('drafts', userId, isDrafts) ?? {}));
}

/** What was typed in a room and not sent. */
export function draftOf(room: string): string {
  return drafts.get(room) ?? '';
}

export function keepDraft(room: string, text: string): void {
  if (text) drafts.set(room, text);
  else drafts.delete(room);
  timer ??= setTimeout(write, keepDelay);
}

addEventListener('pagehide', write);

function write(): void {
  if (timer === undefined) return;
  clearTimeout(timer);
  timer = undefined;
  if (owner !== null) keep('drafts', owner, drafts.size === 0 ? null : Object.fromEntries(drafts));
}

function isDrafts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}
