import { t } from '../texts/index.js';
import { EmojiButton } from './emoji-button.js';
import { Icon } from './icon.js';

interface Marked {
  likeCount: number;
  liked?: boolean | undefined;
  reactions: readonly { emoji: string; count: number }[];
  mine?: readonly string[] | undefined;
}

/** Likes and emojis of something, and the ways to add one's own. */
export function Marks({ of, name, onLike, onEmoji }: { of: Marked; name: string; onLike: () => void; onEmoji: (emoji: string) => void }) {
  const liked = of.liked ?? false;
  return (
    <>
      <button
        type="button"
        class={`mark like${liked ? ' own' : ''}`}
        aria-pressed={liked}
        aria-label={t.posts.like(name, of.likeCount)}
        onClick={onLike}
      >
        <Icon name="heart" />
        {of.likeCount > 0 && <span aria-hidden="true">{t.posts.number(of.likeCount)}</span>}
      </button>
      {of.reactions.map(({ emoji, count }) => {
        const isMine = of.mine?.includes(emoji) ?? false;
        return (
          <button
            key={emoji}
            type="button"
            class={`reaction${isMine ? ' own' : ''}`}
            aria-pressed={isMine}
            aria-label={t.message.reacted(emoji, count, isMine)}
            onClick={() => onEmoji(emoji)}
          >
            <span aria-hidden="true">{emoji}</span> {count}
          </button>
        );
      })}
      <EmojiButton label={t.posts.emoji(name)} onEmoji={onEmoji} />
    </>
  );
}
