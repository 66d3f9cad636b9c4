import { account } from '../app/account.js';
import { navigate } from '../app/router.js';
import { Announcements } from '../components/admin/announcements.js';
import { AuditLog } from '../components/admin/audit-log.js';
import { Invitations } from '../components/admin/invitations.js';
import { PeopleList } from '../components/admin/people-list.js';
import { PersonRecord } from '../components/admin/person-record.js';
import { Reports } from '../components/admin/reports.js';
import { MessageList, PostList, RoomList } from '../components/admin/things.js';
import { Empty } from '../components/notice.js';
import { Tabs } from '../components/tabs.js';
import { useStore } from '../components/use-store.js';
import { mayModerate } from '../text/authority.js';
import { t } from '../texts/index.js';
import { FramedPage } from './frame.js';

const forModerators = ['reports', 'people', 'messages', 'posts'] as const;
const forAdmins = ['reports', 'people', 'rooms', 'messages', 'posts', 'announcements', 'invitations', 'audit'] as const;
type Tab = (typeof forAdmins)[number];

/** Where moderators decide reports and act on people, and admins look after everything. Each part has an address. */
export function AdminPage({ part, id }: { part: string; id: string | null }) {
  const role = useStore(account, (state) => (state.status === 'signed-in' ? state.me.role : null));
  if (role === null) return null;
  if (!mayModerate(role)) {
    return (
      <FramedPage area="admin" title={t.admin.title}>
        <Empty title={t.app.notFound} text={t.admin.forbidden} />
      </FramedPage>
    );
  }
  const tabs: readonly Tab[] = role === 'admin' ? forAdmins : forModerators;
  const tab = tabs.find((key) => key === part) ?? 'reports';
  return (
    <FramedPage area="admin" title={t.admin.title} wide>
      <Tabs
        label={t.admin.title}
        tabs={tabs.map((key) => ({ key, title: t.admin.tabs[key] }))}
        current={tab}
        onTab={(key) => navigate(key === 'reports' ? '/admin' : `/admin/${key}`, { replace: true })}
      >
        {tab === 'reports' && <Reports role={role} />}
        {tab === 'people' && (id === null ? <PeopleList /> : <PersonRecord key={id} id={id} role={role} />)}
        {tab === 'rooms' && <RoomList />}
        {tab === 'messages' && <MessageList />}
        {tab === 'posts' && <PostList />}
        {tab === 'announcements' && <Announcements />}
        {tab === 'invitations' && <Invitations />}
        {tab === 'audit' && <AuditLog />}
      </Tabs>
    </FramedPage>
  );
}
