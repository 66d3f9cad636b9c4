import { useState } from 'preact/hooks';
import { askFriend } from '../app/friends.js';
import { personal } from '../app/personal.js';
import { Field } from '../components/field.js';
import { useForm } from '../components/form.js';
import { FriendList, RequestList, SuggestionList } from '../components/friend-lists.js';
import { Notice } from '../components/notice.js';
import { Tabs } from '../components/tabs.js';
import { useStore } from '../components/use-store.js';
import { t } from '../texts/index.js';
import { FramedPage } from './frame.js';

type Tab = 'friends' | 'in' | 'out' | 'suggestions';

/** Friends, requests to and from others, and people one may know. */
export function FriendsPage() {
  const waiting = useStore(personal, (state) => state.requests);
  const [tab, setTab] = useState<Tab>('friends');
  const keys: readonly Tab[] = ['friends', 'in', 'out', 'suggestions'];
  return (
    <FramedPage area="friends" title={t.friends.title}>
      <AskForm />
      <Tabs
        label={t.friends.title}
        tabs={keys.map((key) => ({
          key,
          title: (
            <>
              {t.friends.tabs[key]}
              {key === 'in' && waiting > 0 && <span class="badge">{waiting}</span>}
            </>
          ),
        }))}
        current={tab}
        onTab={setTab}
      >
        {tab === 'friends' && <FriendList />}
        {(tab === 'in' || tab === 'out') && <RequestList key={tab} direction={tab} />}
        {tab === 'suggestions' && <SuggestionList />}
      </Tabs>
    </FramedPage>
  );
}

function AskForm() {
  const { field, form, fault, busy, setValue } = useForm({
    initial: { username: '' },
    labels: { username: t.friends.add },
    check: ({ username }) => (username.trim() ? {} : { username: t.create.needUsername }),
    submit: async ({ username }) => {
      await askFriend(username.trim().replace(/^@/, ''));
      setValue('username', '');
    },
  });
  return (
    <form {...form} class="inline-form">
      {fault && <Notice tone="bad">{fault}</Notice>}
      <Field {...field('username')} autoComplete="off" maxLength={64} />
      <button type="submit" class="button primary" disabled={busy}>
        {t.friends.addDo}
      </button>
    </form>
  );
}
