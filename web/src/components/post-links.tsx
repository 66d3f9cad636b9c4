import { useEffect } from 'preact/hooks';
import { account } from '../app/account.js';
import { needPostCard, postCards } from '../app/post-cards.js';
import { postIdsIn } from '../text/links.js';
import { authorName } from '../text/names.js';
import { postPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { useStore } from './use-store.js';

/** Posts of this site whose addresses stand in a text, each in short; those that the reader may not see stay plain links. */
export function PostLinks({ text }: { text: string }) {
  const ids = postIdsIn(text, location.origin);
  const signedIn = useStore(account, ({ status }) => status === 'signed-in');
  if (!signedIn || ids.length === 0) return null;
  return (
    <>
      {ids.map((id) => (
        <LinkedPost key={id} id={id} />
      ))}
    </>
  );
}

function LinkedPost({ id }: { id: string }) {
  const card = useStore(postCards, (all) => all[id]);
  useEffect(() => {
    if (card === undefined) needPostCard(id);
  }, [id, card]);
  if (card === undefined || card === 'none') return null;
  return (
    <Link to={postPath(id)} class="linked-post">
      {card.image && <img src={card.image.sizes['thumbnail'] ?? card.image.sizes['full']} alt="" loading="lazy" decoding="async" />}
      <span class="linked-post-text">
        <small>{authorName(card.author)}</small>
        <strong dir="auto">{card.title}</strong>
        {card.excerpt !== '' && <span dir="auto">{card.excerpt}</span>}
        <small class="linked-post-counts">
          <Icon name="heart" /> {t.posts.number(card.likeCount)} <Icon name="chat" /> {t.posts.number(card.commentCount)}
        </small>
      </span>
    </Link>
  );
}
