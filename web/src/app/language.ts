import { Store } from '../store/store.js';
import { setTexts } from '../texts/current.js';
import { en } from '../texts/en/index.js';
import { account } from './account.js';
import { changeProfile } from './profile.js';

/** What the interface speaks, each by its own name. */
export const languages = { en: 'English', uk: 'Українська', ru: 'Русский' } as const;
export type Language = keyof typeof languages;

/** The language of this page. */
export const language = new Store<Language>('en');

/** Where this device keeps what was picked on it. */
const storageKey = 'parley-language';

const loaders = {
  en: async () => en,
  uk: async () => (await import('../texts/uk/index.js')).uk,
  ru: async () => (await import('../texts/ru/index.js')).ru,
};

/** Begins with what was picked here, or the browser's first language that there is; later follows the account. */
export async function startLanguage(): Promise<void> {
  account.subscribe(() => {
    const state = account.get();
    if (state.status === 'signed-in' && picked() === null) speak(state.me.locale).catch(() => undefined);
  });
  // Without the network a page in English is better than none.
  await speak(picked() ?? ofBrowser()).catch(() => undefined);
}

/** Changes the language of this device, and of this person's mails and notifications. @throws when its texts cannot be loaded */
export async function pickLanguage(next: Language): Promise<void> {
  await speak(next);
  const state = account.get();
  // The page speaks it in any case.
  if (state.status === 'signed-in' && state.me.locale !== next) changeProfile({ locale: next }).catch(() => undefined);
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // A browser that keeps nothing: it lasts as long as the page.
  }
}

async function speak(next: Language): Promise<void> {
  setTexts(await loaders[next]());
  document.documentElement.lang = next;
  language.set(next);
}

function picked(): Language | null {
  try {
    return known(localStorage.getItem(storageKey));
  } catch {
    return null;
  }
}

function ofBrowser(): Language {
  for (const tag of navigator.languages) {
    const found = known(tag.toLowerCase().split('-')[0] ?? '');
    if (found) return found;
  }
  return 'en';
}

function known(word: string | null): Language | null {
  return word !== null && Object.hasOwn(languages, word) ? (word as Language) : null;
}
