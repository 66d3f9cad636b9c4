import { useEffect, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { Device } from '../api/wire.js';
import { logOut, logOutEverywhere, rest } from '../app/account.js';
import { toast } from '../app/toasts.js';
import { Confirm } from '../components/dialog.js';
import { Icon } from '../components/icon.js';
import { Link } from '../components/link.js';
import { Notice, Spinner } from '../components/notice.js';
import { Time } from '../components/time.js';
import { useNow } from '../components/use-store.js';
import { readUserAgent } from '../text/user-agent.js';
import { faultText, relativeTime, t } from '../texts/index.js';
import { CardPage } from './page.js';

/** Where one is logged in, on a page of its own. */
export function DevicesPage() {
  return (
    <CardPage title={t.devices.title} lead={t.devices.lead} wide>
      <DeviceList />
      <p class="aside">
        <Link to="/">{t.devices.back}</Link>
      </p>
    </CardPage>
  );
}

/** The devices, each with a way to log it out. */
export function DeviceList() {
  const [devices, setDevices] = useState<Device[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const now = useNow();

  const load = async () => {
    try {
      const { items } = await rest.call('auth.sessions.list', {});
      setDevices([...items].sort((a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt.localeCompare(a.lastUsedAt)));
      setFault(null);
    } catch (error) {
      setFault(faultText(toFault(error)));
    }
  };
  useEffect(() => {
    load().catch(() => undefined);
  }, []);

  const run = (task: () => Promise<void>) => {
    task().catch((error: unknown) => setFault(faultText(toFault(error))));
  };
  const revoke = async (device: Device) => {
    if (device.current) {
      await logOut();
      return;
    }
    try {
      await rest.call('auth.sessions.revoke', { params: { id: device.id } });
    } catch (error) {
      if (toFault(error).code !== 'auth.session-not-found') throw error;
    }
    setDevices((before) => before?.filter((other) => other.id !== device.id) ?? null);
    toast(t.devices.loggedOut(deviceName(device)));
  };

  return (
    <>
      {fault && (
        <Notice tone="bad">
          {fault}{' '}
          <button type="button" class="link-button" onClick={() => run(load)}>
            {t.app.tryAgain}
          </button>
        </Notice>
      )}
      {!devices && !fault && <Spinner label={t.app.loading} />}
      {devices && (
        <ul class="devices">
          {devices.map((device) => (
            <li key={device.id}>
              <span class="device-sign">
                <Icon name="device" />
              </span>
              <div class="device-text">
                <strong>{deviceName(device)}</strong>
                {device.current && <span class="tag">{t.devices.current}</span>}
                <p>
                  <Time at={device.lastUsedAt} now={now} words={t.devices.lastUsed(relativeTime(device.lastUsedAt, now))} />
                  {device.ip && ` · ${device.ip}`}
                </p>
                <p>
                  <Time at={device.createdAt} now={now} words={t.devices.since(relativeTime(device.createdAt, now))} />
                </p>
              </div>
              <button
                type="button"
                class="button quiet small"
                aria-label={t.devices.logOutOne(device.current ? t.devices.current : deviceName(device))}
                onClick={() => run(() => revoke(device))}
              >
                {t.devices.logOut}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="actions spread">
        <button type="button" class="button danger" onClick={() => setAsking(true)}>
          {t.devices.everywhere}
        </button>
      </div>
      {asking && (
        <Confirm
          title={t.devices.confirmEverywhere}
          text={t.devices.everywhereText}
          action={t.devices.everywhere}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            run(logOutEverywhere);
          }}
        />
      )}
    </>
  );
}

function deviceName(device: Device): string {
  const { browser, system } = readUserAgent(device.userAgent);
  if (browser && system) return t.devices.browserOn(browser, system);
  return browser ?? system ?? t.devices.unknown;
}
