import { account } from '../app/account.js';
import { splitMentions } from '../text/completion.js';
import { splitLinks } from '../text/links.js';
import { useStore } from './use-store.js';

/** A text as it was written; web addresses in it are links, names stand out. Nothing in it is ever read as markup. */
export function LinkedText({ text }: { text: string }) {
  const mine = useStore(account, (state) => (state.status === 'signed-in' ? state.me.username.toLowerCase() : null));
  return (
    <>
      {splitLinks(text).map((piece, index) =>
        piece.href === undefined ? (
          splitMentions(piece.text).map((part, at) =>
            part.username === undefined ? (
              part.text
            ) : (
              <span key={`${index}.${at}`} class={`mention${part.username.toLowerCase() === mine ? ' me' : ''}`}>
                {part.text}
              </span>
            ),
          )
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}
