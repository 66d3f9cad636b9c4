import { useEffect, useState } from 'preact/hooks';
import { rest } from '../app/account.js';
import { t } from '../texts/index.js';

/** Free usernames that fit the names given, or one's own; a click takes one. */
export function UsernameSuggestions({
  firstName,
  lastName,
  onPick,
}: {
  firstName?: string;
  lastName?: string;
  onPick: (name: string) => void;
}) {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let here = true;
    const query = { ...(firstName?.trim() && { firstName: firstName.trim() }), ...(lastName?.trim() && { lastName: lastName.trim() }) };
    const timer = setTimeout(() => {
      rest.call('users.username.suggestions', { query }).then(
        ({ items }) => here && setNames(items),
        () => undefined,
      );
    }, 400);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [firstName, lastName]);
  if (names.length === 0) return null;
  return (
    <div class="suggested-names" role="group" aria-label={t.settings.suggestions}>
      <small>{t.settings.suggestions}</small>
      {names.map((name) => (
        <button key={name} type="button" class="tag" onClick={() => onPick(name)}>
          {name}
        </button>
      ))}
    </div>
  );
}
