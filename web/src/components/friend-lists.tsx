import { useState } from 'preact/hooks';
import type { Author, Block, Friend, FriendRequest, FriendSuggestion } from '../api/wire.js';
import { rest } from '../app/account.js';
import { answerRequest, askFriend, endFriendship, setBlocked, withdrawRequest } from '../app/friends.js';
import { personal } from '../app/personal.js';
import { authorName } from '../text/names.js';
import { relativeTime, t } from '../texts/index.js';
import { act, writeTo } from './act.js';
import { Confirm } from './dialog.js';
import { Icon, type IconName } from './icon.js';
import { ListState } from './list-state.js';
import { PersonRow } from './person-row.js';
import { usePages } from './use-list.js';
import { useNow, useStore } from './use-store.js';

function Act({
  icon,
  words,
  user,
  primary,
  onAct,
}: {
  icon?: IconName;
  words: string;
  user: Author;
  primary?: boolean;
  onAct: () => void;
}) {
  const label = t.friends.of(words, authorName(user));
  return icon ? (
    <button type="button" class="icon-button" aria-label={label} title={words} onClick={onAct}>
      <Icon name={icon} />
    </button>
  ) : (
    <button type="button" class={`button small ${primary ? 'primary' : 'quiet'}`} aria-label={label} onClick={onAct}>
      {words}
    </button>
  );
}

export function FriendList() {
  const news = useStore(personal, (state) => state.friendNews);
  const pages = usePages<Friend>((cursor) => rest.call('friends.list', { query: { limit: 50, ...(cursor && { cursor }) } }), [news]);
  const [ending, setEnding] = useState<Author | null>(null);
  const now = useNow();
  return (
    <ListState of={pages} empty={t.friends.none.friends} emptyText={t.friends.noneText.friends}>
      <ul class="person-rows">
        {pages.items?.map(({ user, since, online }) => (
          <PersonRow
            key={user.id}
            user={user}
            online={online}
            detail={online ? t.friends.online : t.friends.since(relativeTime(since, now))}
          >
            <Act icon="chat" words={t.friends.write} user={user} onAct={() => writeTo(user.username)} />
            <Act icon="close" words={t.friends.remove} user={user} onAct={() => setEnding(user)} />
          </PersonRow>
        ))}
      </ul>
      {ending && (
        <Confirm
          title={t.friends.removeTitle(authorName(ending))}
          text={t.friends.removeText}
          action={t.friends.remove}
          onNo={() => setEnding(null)}
          onYes={() => {
            setEnding(null);
            act(() => endFriendship(ending.username));
          }}
        />
      )}
    </ListState>
  );
}

export function RequestList({ direction }: { direction: 'in' | 'out' }) {
  const news = useStore(personal, (state) => state.friendNews);
  const pages = usePages<FriendRequest>(
    (cursor) => rest.call('friends.requests.list', { query: { direction, limit: 50, ...(cursor && { cursor }) } }),
    [direction, news],
  );
  return (
    <ListState of={pages} empty={t.friends.none[direction]} emptyText={t.friends.noneText[direction]}>
      <ul class="person-rows">
        {pages.items?.map((request) => (
          <RequestRow key={request.id} request={request} />
        ))}
      </ul>
    </ListState>
  );
}

/** A request with its answers, or the way to take it back. */
export function RequestRow({ request: { id, user, createdAt, direction } }: { request: FriendRequest }) {
  const now = useNow();
  return (
    <PersonRow user={user} detail={t.friends.asked(relativeTime(createdAt, now))}>
      {direction === 'in' ? (
        <>
          <Act words={t.friends.accept} user={user} primary onAct={() => act(() => answerRequest(id, 'accept'))} />
          <Act words={t.friends.reject} user={user} onAct={() => act(() => answerRequest(id, 'reject'))} />
        </>
      ) : (
        <Act words={t.friends.withdraw} user={user} onAct={() => act(() => withdrawRequest(id))} />
      )}
    </PersonRow>
  );
}

export function SuggestionList() {
  const pages = usePages<FriendSuggestion>((cursor) =>
    rest.call('friends.suggestions.list', { query: { limit: 30, ...(cursor && { cursor }) } }),
  );
  const without = (id: string) => pages.change((items) => items.filter(({ user }) => user.id !== id));
  return (
    <ListState of={pages} empty={t.friends.none.suggestions} emptyText={t.friends.noneText.suggestions}>
      <ul class="person-rows">
        {pages.items?.map(({ user, commonFriends, sharedRooms }) => (
          <PersonRow
            key={user.id}
            user={user}
            detail={
              commonFriends > 0 ? t.friends.common(commonFriends) : sharedRooms > 0 ? t.friends.shared(sharedRooms) : t.friends.newHere
            }
          >
            <Act
              words={t.friends.ask}
              user={user}
              primary
              onAct={() =>
                act(async () => {
                  await askFriend(user.username);
                  without(user.id);
                })
              }
            />
            <Act
              icon="close"
              words={t.friends.hide}
              user={user}
              onAct={() =>
                act(async () => {
                  await rest.call('friends.suggestions.hide', { params: { username: user.username } });
                  without(user.id);
                })
              }
            />
          </PersonRow>
        ))}
      </ul>
    </ListState>
  );
}

export function BlockList() {
  const news = useStore(personal, (state) => state.friendNews);
  const pages = usePages<Block>((cursor) => rest.call('blocks.list', { query: { limit: 50, ...(cursor && { cursor }) } }), [news]);
  const now = useNow();
  return (
    <ListState of={pages} empty={t.blocks.none}>
      <ul class="person-rows">
        {pages.items?.map(({ user, createdAt }) => (
          <PersonRow key={user.id} user={user} detail={t.blocks.since(relativeTime(createdAt, now))}>
            <Act words={t.blocks.unblock} user={user} onAct={() => act(() => setBlocked(user.username, false))} />
          </PersonRow>
        ))}
      </ul>
    </ListState>
  );
}
