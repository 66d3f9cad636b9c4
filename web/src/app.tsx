import { type ComponentType, Fragment, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { account, restore } from './app/account.js';
import { answered, question } from './app/asking.js';
import { language } from './app/language.js';
import { decoded, navigate, place, roomOfPath } from './app/router.js';
import { toast } from './app/toasts.js';
import { Lazy } from './components/lazy.js';
import { Link } from './components/link.js';
import { Spinner } from './components/notice.js';
import { Toasts } from './components/toasts.js';
import { useStore } from './components/use-store.js';
import { CardPage } from './pages/page.js';
import { faultText, t } from './texts/index.js';

const chatPart = () => import('./pages/chat.js');
const accountPart = () => import('./pages/account-pages.js');
const invitationPart = () => import('./pages/invitation.js');
const communityPart = () => import('./pages/community-pages.js');
const feedPart = () => import('./pages/feed-pages.js');
const peoplePart = () => import('./pages/people-pages.js');
const adminPart = () => import('./pages/admin.js');
const searchPart = () => import('./pages/search.js');

/** What a page's address shows, to whom, and the part of the bundle it is in. */
interface Route {
  load: () => Promise<ComponentType>;
  /** `members` sends guests to the log-in, `guests` sends signed-in people to the rooms. */
  for?: 'members' | 'guests';
}

const routes: Readonly<Record<string, Route>> = {
  '/login': { load: async () => (await accountPart()).LoginPage, for: 'guests' },
  '/register': { load: async () => (await accountPart()).RegisterPage, for: 'guests' },
  '/activate': { load: async () => (await accountPart()).ActivatePage },
  '/forgot': { load: async () => (await accountPart()).ForgotPage },
  '/reset-password': { load: async () => (await accountPart()).ResetPasswordPage },
  '/confirm-email': { load: async () => (await communityPart()).ConfirmEmailPage, for: 'members' },
  '/feed': { load: async () => (await feedPart()).FeedPage, for: 'members' },
  '/posts/new': { load: async () => (await feedPart()).NewPostPage, for: 'members' },
  '/friends': { load: async () => (await communityPart()).FriendsPage, for: 'members' },
  '/notifications': { load: async () => (await communityPart()).NotificationsPage, for: 'members' },
  '/search': { load: async () => (await searchPart()).SearchPage, for: 'members' },
  '/devices': { load: async () => (await accountPart()).DevicesPage, for: 'members' },
};

/** Chooses the page. */
export function App() {
  const path = useStore(place, (here) => here.path.replace(/(.)\/$/, '$1'));
  const status = useStore(account, (state) => state.status);
  const spoken = useStore(language, (code) => code);
  return (
    // Another language: everything is written anew.
    <Fragment key={spoken}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          const main = document.getElementById('main');
          main?.setAttribute('tabindex', '-1');
          main?.focus();
        }}
      >
        {t.app.skip}
      </a>
      <Page path={path} status={status} />
      <QuestionGate />
      <Toasts />
    </Fragment>
  );
}

function Page({ path, status }: { path: string; status: ReturnType<typeof account.get>['status'] }) {
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  const astray = (route?.for === 'members' && status === 'guest') || (route?.for === 'guests' && status === 'signed-in');
  useEffect(() => {
    // By now somebody may have gone on.
    if (!astray || place.get().path.replace(/(.)\/$/, '$1') !== path) return;
    if (status === 'guest') navigate('/login', { replace: true, state: { next: path } });
    else {
      const { next } = place.get().state;
      navigate(typeof next === 'string' ? next : '/', { replace: true });
    }
  }, [astray, path]);

  const room = roomOfPath(path);
  // Pages that need nobody's name do not wait for it.
  if (route && route.for === undefined) return <Part key={path} load={route.load} />;
  if (status === 'restoring' || astray) {
    return (
      <main id="main" class="whole">
        <Spinner label={t.app.loading} />
      </main>
    );
  }
  if (status === 'unreachable') return <Unreachable />;
  if (route) return <Part key={path} load={route.load} />;
  if (path === '/' && status === 'guest') return <Part key="welcome" load={async () => (await accountPart()).WelcomePage} />;
  const member = memberPart(path);
  if (member) return status === 'guest' ? <ToLogin next={path} /> : member;
  const invitation = /^\/invite\/([\w-]+)$/.exec(path);
  if (invitation) return <Part key="invite" load={async () => (await invitationPart()).InvitationPage} props={{ code: invitation[1]! }} />;
  if (path === '/' || room !== null) return <Part key="chat" load={async () => (await chatPart()).ChatPage} props={{ reference: room }} />;
  return (
    <CardPage key="nothing" title={t.app.notFound} lead={t.app.notFoundText}>
      <Link to="/" class="button primary wide">
        {t.app.home}
      </Link>
    </CardPage>
  );
}

const postAddress = /^\/posts\/([\da-f-]{36})(\/edit)?$/;
const albumAddress = /^\/albums\/([\da-f-]{36})$/;
const personAddress = /^\/people\/([^/]+)(?:\/(\w+))?$/;
const adminAddress = /^\/admin(?:\/(\w+)(?:\/([\w-]+))?)?$/;
const settingsAddress = /^\/settings(?:\/(\w+))?$/;

/** Pages of members whose addresses say more than their names; null: none of them. */
function memberPart(path: string): VNode | null {
  const post = postAddress.exec(path);
  if (post) {
    const [, id = '', edit] = post;
    return edit ? (
      <Part key={path} load={async () => (await feedPart()).EditPostPage} props={{ id }} />
    ) : (
      <Part key={path} load={async () => (await feedPart()).PostPage} props={{ id }} />
    );
  }
  const album = albumAddress.exec(path);
  if (album) return <Part key={path} load={async () => (await peoplePart()).AlbumPage} props={{ id: album[1]! }} />;
  const person = personAddress.exec(path);
  const username = person && decoded(person[1]!);
  if (username) {
    return (
      <Part key={`person ${username}`} load={async () => (await peoplePart()).PersonPage} props={{ username, part: person[2] ?? '' }} />
    );
  }
  const admin = adminAddress.exec(path);
  if (admin)
    return <Part key="admin" load={async () => (await adminPart()).AdminPage} props={{ part: admin[1] ?? '', id: admin[2] ?? null }} />;
  const settings = settingsAddress.exec(path);
  return settings && <Part key="settings" load={async () => (await communityPart()).SettingsPage} props={{ part: settings[1] ?? '' }} />;
}

const questionPart = async () => (await import('./components/questions.js')).OpenQuestion;

/** What was asked of the person by a click anywhere; nobody else loads the code of it. */
function QuestionGate() {
  const asked = useStore(question, (state) => state !== null);
  return asked ? (
    <Lazy
      load={questionPart}
      props={{}}
      onFail={() => {
        answered();
        toast(t.app.loadFailed, 'bad');
      }}
    />
  ) : null;
}

/** Pages of members send guests to the log-in, and back. */
function ToLogin({ next }: { next: string }) {
  useEffect(() => navigate('/login', { replace: true, state: { next } }), []);
  return null;
}

/** A page whose code may still be on its way. */
function Part<P extends object>({ load, props }: { load: () => Promise<ComponentType<P>>; props?: P }) {
  const [part, setPart] = useState<{ page: ComponentType<P> } | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let here = true;
    load().then(
      (page) => here && setPart({ page }),
      () => here && setPart('failed'),
    );
    return () => {
      here = false;
    };
  }, []);
  if (part === 'loading') {
    return (
      <main id="main" class="whole">
        <Spinner label={t.app.loading} />
      </main>
    );
  }
  if (part === 'failed') {
    return (
      <CardPage title={t.app.unreachable} lead={t.app.loadFailed}>
        <button type="button" class="button primary wide" onClick={() => location.reload()}>
          {t.app.reload}
        </button>
      </CardPage>
    );
  }
  return <part.page {...(props as P)} />;
}

/** The server does not answer: tries again by itself, ever less often. */
function Unreachable() {
  const fault = useStore(account, (state) => (state.status === 'unreachable' ? state.fault : null));
  useEffect(() => {
    const again = () => {
      restore().catch(() => undefined);
    };
    const timer = setTimeout(again, ((fault?.retryAfter ?? 4) + Math.random() * 2) * 1000);
    addEventListener('online', again);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', again);
    };
  }, [fault]);
  return (
    <CardPage title={t.app.unreachable} lead={t.app.unreachableText}>
      {fault && fault.code !== 'network.down' && <p>{faultText(fault)}</p>}
      <button
        type="button"
        class="button primary wide"
        onClick={() => {
          restore().catch(() => undefined);
        }}
      >
        {t.app.tryAgain}
      </button>
    </CardPage>
  );
}
