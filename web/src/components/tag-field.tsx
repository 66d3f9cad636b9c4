import { useEffect, useId, useState } from 'preact/hooks';
import type { Tag } from '../api/wire.js';
import { rest } from '../app/account.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';

const most = 20;

/** Tags of a post: the usual topics by a click, others by typing them. Enter or a comma ends one. */
export function TagField({ tags, onTags }: { tags: readonly string[]; onTags: (tags: string[]) => void }) {
  const [offered, setOffered] = useState<readonly Tag[]>([]);
  const [typed, setTyped] = useState('');
  const id = useId();
  useEffect(() => {
    // While somebody types, the last letter counts alone.
    const timer = setTimeout(
      () => {
        const query = typed.trim().replace(/^#+/, '');
        rest.call('tags.list', { query: { limit: 10, ...(query && { query }) } }).then(
          ({ items }) => setOffered(items),
          () => undefined,
        );
      },
      typed ? 250 : 0,
    );
    return () => clearTimeout(timer);
  }, [typed]);
  const has = (name: string) => tags.some((tag) => tag.toLowerCase() === name.toLowerCase());
  const add = (words: string) => {
    const fresh = words
      .split(',')
      .map((word) =>
        word
          .trim()
          .replace(/^#+\s*/, '')
          .slice(0, 50),
      )
      .filter((word, at, all) => word !== '' && !has(word) && all.indexOf(word) === at);
    onTags([...tags, ...fresh].slice(0, most));
    setTyped('');
  };
  const drop = (name: string) => onTags(tags.filter((tag) => tag !== name));
  return (
    <div class="field tag-field">
      <label for={id}>{t.posts.tags}</label>
      {tags.length > 0 && (
        <ul class="post-tags">
          {tags.map((tag) => (
            <li key={tag}>
              <button type="button" class="tag chosen" aria-label={t.posts.dropTag(tag)} onClick={() => drop(tag)}>
                #{tag}
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="input">
        <input
          id={id}
          name="tag"
          type="text"
          value={typed}
          autoComplete="off"
          maxLength={200}
          aria-describedby={`${id}-hint`}
          onInput={(event) => {
            const { value } = event.currentTarget;
            if (value.includes(',')) add(value);
            else setTyped(value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            // Not the whole form.
            event.preventDefault();
            add(typed);
          }}
          onBlur={(event) => {
            // A click on an offered tag takes what it says, not what was typed of it.
            if (typed.trim() && !(event.relatedTarget as Element | null)?.closest('.offered')) add(typed);
          }}
        />
      </div>
      <div class="field-hint" id={`${id}-hint`}>
        {t.posts.tagsHint}
      </div>
      <ul class="post-tags offered" aria-label={t.posts.offeredTags}>
        {offered
          .filter(({ name }) => !has(name))
          .map(({ name }) => (
            <li key={name}>
              <button type="button" class="tag" aria-label={t.posts.addTag(name)} onClick={() => add(name)}>
                #{name}
              </button>
            </li>
          ))}
      </ul>
    </div>
  );
}
