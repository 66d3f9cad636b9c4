import { account } from '../app/account.js';
import { navigate } from '../app/router.js';
import { AccountDeletionPart } from '../components/account-deletion.js';
import { AccountSettings } from '../components/account-settings.js';
import { DataExportPart } from '../components/data-export.js';
import { BlockList } from '../components/friend-lists.js';
import { Link } from '../components/link.js';
import { NotificationSettings } from '../components/notification-settings.js';
import { ProfileSettings } from '../components/profile-settings.js';
import { Tabs } from '../components/tabs.js';
import { useStore } from '../components/use-store.js';
import { mayModerate } from '../text/authority.js';
import { t } from '../texts/index.js';
import { DeviceList } from './devices.js';
import { FramedPage } from './frame.js';

const tabs = ['profile', 'account', 'notifications', 'blocked', 'devices', 'privacy'] as const;
type Tab = (typeof tabs)[number];

/** Everything about oneself and this account. Each part has an address. */
export function SettingsPage({ part }: { part: string }) {
  const me = useStore(account, (state) => (state.status === 'signed-in' ? state.me : null));
  const tab: Tab = tabs.find((key) => key === part) ?? 'profile';
  if (!me) return null;
  return (
    <FramedPage area="settings" title={t.settings.title}>
      {mayModerate(me.role) && (
        <p class="narrow-only">
          <Link to="/admin">{t.admin.open}</Link>
        </p>
      )}
      <Tabs
        label={t.settings.title}
        tabs={tabs.map((key) => ({ key, title: t.settings.tabs[key] }))}
        current={tab}
        onTab={(key) => navigate(key === 'profile' ? '/settings' : `/settings/${key}`, { replace: true })}
      >
        {tab === 'profile' && <ProfileSettings me={me} />}
        {tab === 'account' && <AccountSettings me={me} />}
        {tab === 'notifications' && <NotificationSettings />}
        {tab === 'blocked' && (
          <>
            <p class="lead">{t.blocks.lead}</p>
            <BlockList />
          </>
        )}
        {tab === 'devices' && (
          <>
            <p class="lead">{t.devices.lead}</p>
            <DeviceList />
          </>
        )}
        {tab === 'privacy' && (
          <>
            <DataExportPart />
            <AccountDeletionPart />
          </>
        )}
      </Tabs>
    </FramedPage>
  );
}
