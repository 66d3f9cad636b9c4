import { useEffect, useRef, useState } from 'preact/hooks';
import { type Fault, toFault } from '../api/fault.js';
import type { Profile } from '../api/wire.js';
import { rest } from '../app/account.js';
import { socket } from '../app/live.js';
import { personal } from '../app/personal.js';
import { navigate } from '../app/router.js';
import { AlbumList } from '../components/album-list.js';
import { Link } from '../components/link.js';
import { Empty, Spinner } from '../components/notice.js';
import { PersonHead } from '../components/person-head.js';
import { PhotoList } from '../components/photo-list.js';
import { PostList } from '../components/post-list.js';
import { Tabs } from '../components/tabs.js';
import { useStore } from '../components/use-store.js';
import { personPath } from '../text/paths.js';
import { faultText, t } from '../texts/index.js';
import { FramedPage } from './frame.js';

const parts = ['posts', 'albums', 'photos'] as const;

/** A person as others see them, with their posts, albums and photos. */
export function PersonPage({ username, part }: { username: string; part: string }) {
  const [profile, setProfile] = useState<Profile | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const news = useStore(personal, (state) => state.friendNews);
  const known = useRef<Profile | null>(null);
  known.current = profile;

  useEffect(() => {
    let here = true;
    const read = () => {
      rest.call('people.profile', { params: { username } }).then(
        (answer) => {
          if (!here) return;
          setProfile(answer.profile);
          setFault(null);
        },
        (error: unknown) => {
          if (here && known.current === null) setFault(toFault(error));
        },
      );
    };
    read();
    const end = socket.on('user.updated', ({ user }) => {
      if (user.id === known.current?.id) setProfile((before) => before && { ...before, ...user });
    });
    return () => {
      here = false;
      end();
    };
  }, [username, news]);

  if (fault) {
    return (
      <FramedPage key="none" area="friends" title={t.people.noneTitle}>
        <Empty title={t.people.noneTitle} text={faultText(fault)}>
          <Link to="/friends" class="button primary">
            {t.home.findPeople}
          </Link>
        </Empty>
      </FramedPage>
    );
  }
  const area = profile?.relation === 'self' ? 'me' : 'friends';
  if (!profile) {
    return (
      <FramedPage key="loading" area={area} title={`@${username}`}>
        <Spinner label={t.app.loading} />
      </FramedPage>
    );
  }
  const current = parts.find((key) => key === part) ?? 'posts';
  const self = profile.relation === 'self';
  return (
    <FramedPage
      key="person"
      area={area}
      title={profile.displayName || profile.username}
      head={(heading) => <PersonHead profile={profile} heading={heading} />}
    >
      {profile.relation === 'blocked' ? (
        <Empty title={t.people.blockedTitle} text={t.people.blockedText} />
      ) : (
        <Tabs
          label={t.people.parts}
          tabs={parts.map((key) => ({ key, title: t.people.tabs[key] }))}
          current={current}
          onTab={(key) => navigate(personPath(username) + (key === 'posts' ? '' : `/${key}`), { replace: true })}
        >
          {current === 'posts' && (
            <PostList
              key={profile.relation}
              filter={{ kind: 'author', username: profile.username }}
              empty={t.posts.none}
              {...(self && { emptyText: t.people.noOwnPosts })}
            />
          )}
          {current === 'albums' && <AlbumList username={profile.username} own={self} />}
          {current === 'photos' && <PhotoList query={{ user: profile.username }} empty={t.albums.noPhotos} />}
        </Tabs>
      )}
    </FramedPage>
  );
}
