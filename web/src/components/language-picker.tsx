import { language, languages, pickLanguage, type Language } from '../app/language.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { useStore } from './use-store.js';

/** The language of the interface, each by its own name. */
export function LanguagePicker() {
  const current = useStore(language, (code) => code);
  return (
    <label class="language">
      <span class="visually-hidden">{t.app.language}</span>
      <select
        value={current}
        onChange={(event) => {
          pickLanguage(event.currentTarget.value as Language).catch(() => toast(t.app.languageFailed, 'bad'));
        }}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
