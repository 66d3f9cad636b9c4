import { useState } from 'preact/hooks';
import type { Profile } from '../api/wire.js';
import { askBlock } from '../app/asking.js';
import { answerRequest, askFriend, endFriendship, setBlocked, withdrawRequest } from '../app/friends.js';
import { t } from '../texts/index.js';
import { act, writeTo } from './act.js';
import { Confirm } from './dialog.js';
import { Icon } from './icon.js';
import { ReportButton } from './report-button.js';

/** Friendship in all its states, a word in private, and a block. */
export function PersonActions({ profile }: { profile: Profile }) {
  const { username, displayName, relation, requestId } = profile;
  const name = displayName || username;
  const [ending, setEnding] = useState(false);
  const button = (words: string, onAct: () => void, primary = false) => (
    <button type="button" class={`button small ${primary ? 'primary' : 'quiet'}`} onClick={onAct}>
      {words}
    </button>
  );
  if (relation === 'blocked') return button(t.blocks.unblock, () => act(() => setBlocked(username, false)), true);
  return (
    <>
      {relation === 'none' && button(t.friends.ask, () => act(() => askFriend(username)), true)}
      {relation === 'incoming' && requestId !== undefined && (
        <>
          {button(t.friends.accept, () => act(() => answerRequest(requestId, 'accept')), true)}
          {button(t.friends.reject, () => act(() => answerRequest(requestId, 'reject')))}
        </>
      )}
      {relation === 'outgoing' && requestId !== undefined && button(t.people.withdraw, () => act(() => withdrawRequest(requestId)))}
      {relation === 'friends' && button(t.friends.remove, () => setEnding(true))}
      <button type="button" class="button quiet small" onClick={() => writeTo(username)}>
        <Icon name="chat" />
        {t.friends.write}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={t.friends.of(t.blocks.block, name)}
        title={t.blocks.block}
        onClick={() => askBlock(profile)}
      >
        <Icon name="block" />
      </button>
      <ReportButton of={{ kind: 'person', id: profile.id, what: `@${username}`, owner: profile }} name={name} />
      {ending && (
        <Confirm
          title={t.friends.removeTitle(name)}
          text={t.friends.removeText}
          action={t.friends.remove}
          onNo={() => setEnding(false)}
          onYes={() => {
            setEnding(false);
            act(() => endFriendship(username));
          }}
        />
      )}
    </>
  );
}
