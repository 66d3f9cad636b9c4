/** What this browser keeps for one person, as JSON. A browser that keeps nothing loses it with the page. */
export function readKept<T>(name: string, userId: string, isValid: (value: unknown) => value is T): T | null {
  try {
    const text = localStorage.getItem(`parley-${name}:${userId}`);
    const value: unknown = text === null ? null : JSON.parse(text);
    return isValid(value) ? value : null;
  } catch {
    return null;
  }
}

/** Keeps something for one person; null forgets it. */
export function keep(name: string, userId: string, value: object | null): void {
  try {
    if (value === null) localStorage.removeItem(`parley-${name}:${userId}`);
    else localStorage.setItem(`parley-${name}:${userId}`, JSON.stringify(value));
  } catch {
    // Full, or forbidden.
  }
}

/** Hears of what another tab keeps. */
export function whenKept(name: string, userId: string, told: () => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === `parley-${name}:${userId}`) told();
  };
  addEventListener('storage', listener);
  return () => removeEventListener('storage', listener);
}

/** Forgets everything of a person who logged out on purpose: the device may belong to somebody else. */
export function forgetKept(userId: string): void {
  keep('outbox', userId, null);
  keep('drafts', userId, null);
}
