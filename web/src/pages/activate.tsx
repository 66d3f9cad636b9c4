import { useEffect, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import { rest } from '../app/account.js';
import { navigate, place, takeSecret } from '../app/router.js';
import { CodeInput } from '../components/code-input.js';
import { Field } from '../components/field.js';
import { Notice } from '../components/notice.js';
import { useCountdown } from '../components/use-store.js';
import { isEmail } from '../text/rules.js';
import { faultText, t } from '../texts/index.js';
import { CardPage } from './page.js';

const resendPause = 60;

/** By the mailed link (after a click: whoever only fetches the address, like a mail scanner, activates nothing) or by the mailed code. */
export function ActivatePage() {
  const [token, setToken] = useState(() => takeSecret('token'));
  return token === null ? <ByCode /> : <ByLink token={token} onCode={() => setToken(null)} />;
}

function activated(login: string): void {
  navigate('/login', { replace: true, state: { activated: true, login } });
}

function ByLink({ token, onCode }: { token: string; onCode: () => void }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const activate = async () => {
    setBusy(true);
    setFault(null);
    try {
      const { user } = await rest.call('auth.activate', { body: { token } });
      activated(user.username);
    } catch (error) {
      setFault(faultText(toFault(error)));
      setBusy(false);
    }
  };
  return (
    <CardPage title={t.activate.title} lead={t.activate.linkLead}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <button
        type="button"
        class="button primary wide"
        disabled={busy}
        onClick={() => {
          activate().catch(() => undefined);
        }}
      >
        {busy ? t.activate.busy : t.activate.linkSubmit}
      </button>
      {fault && (
        <p class="aside">
          <button type="button" class="link-button" onClick={onCode}>
            {t.activate.useCode}
          </button>
        </p>
      )}
    </CardPage>
  );
}

function ByCode() {
  const known = typeof place.get().state.email === 'string' ? (place.get().state.email as string) : '';
  const [email, setEmail] = useState(known);
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [codeFault, setCodeFault] = useState<string | undefined>();
  const [emailFault, setEmailFault] = useState<string | undefined>();
  const [resent, setResent] = useState(false);
  const [left, count] = useCountdown();
  const mailbox = useDevelopmentMailbox();

  useEffect(() => {
    const sentAt = place.get().state.sentAt;
    const passed = typeof sentAt === 'number' ? (Date.now() - sentAt) / 1000 : resendPause;
    if (passed < resendPause) count(resendPause - passed);
  }, []);

  const withEmail = (): boolean => {
    setEmailFault(isEmail(email) ? undefined : t.activate.needEmail);
    return isEmail(email);
  };
  const activate = async (digits: string) => {
    setFault(null);
    setResent(false);
    if (!withEmail() || busy) return;
    if (!/^\d{6}$/.test(digits)) {
      setCodeFault(t.activate.needCode);
      return;
    }
    setBusy(true);
    try {
      await rest.call('auth.activate', { body: { email: email.trim(), code: digits } });
      activated(email.trim());
    } catch (error) {
      const wrong = toFault(error);
      if (wrong.code === 'auth.code-invalid') {
        setCodeFault(faultText(wrong));
        setCode('');
        requestAnimationFrame(() => document.querySelector<HTMLInputElement>('.code input')?.focus());
      } else setFault(faultText(wrong));
      setBusy(false);
    }
  };
  const resend = async () => {
    setFault(null);
    if (!withEmail()) return;
    try {
      await rest.call('auth.activate.resend', { body: { email: email.trim() } });
      setResent(true);
      setCodeFault(undefined);
      count(resendPause);
    } catch (error) {
      const wrong = toFault(error);
      if (wrong.retryAfter !== undefined) count(wrong.retryAfter);
      setFault(faultText(wrong));
    }
  };

  return (
    <CardPage title={t.activate.title} lead={known ? t.activate.codeLead(known) : t.activate.codeLeadBare}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      {resent && <Notice tone="good">{t.activate.resent}</Notice>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          activate(code).catch(() => undefined);
        }}
      >
        {!known && (
          <Field
            label={t.activate.email}
            name="email"
            type="email"
            autoComplete="email"
            value={email}
            onValue={(value) => {
              setEmail(value);
              setEmailFault(undefined);
            }}
            error={emailFault}
          />
        )}
        <CodeInput
          value={code}
          onValue={(value) => {
            setCode(value);
            setCodeFault(undefined);
          }}
          onFull={(digits) => {
            if (isEmail(email)) activate(digits).catch(() => undefined);
          }}
          error={codeFault}
          disabled={busy}
        />
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? t.activate.busy : t.activate.submit}
        </button>
      </form>
      <p class="aside">
        {left > 0 ? (
          t.activate.resendIn(left)
        ) : (
          <button
            type="button"
            class="link-button"
            onClick={() => {
              resend().catch(() => undefined);
            }}
          >
            {t.activate.resend}
          </button>
        )}
        <br />
        {t.activate.spam}
      </p>
      {mailbox && (
        <p class="aside">
          <a href="/dev/mail" target="_blank" rel="noopener">
            {t.activate.mailbox}
          </a>
        </p>
      )}
    </CardPage>
  );
}

/** Whether this server runs on this machine and keeps its mails in a mailbox to look at. */
function useDevelopmentMailbox(): boolean {
  const [there, setThere] = useState(false);
  useEffect(() => {
    if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname)) return;
    // The JSON form is asked for, because any other address would answer with this very page.
    fetch('/dev/mail.json?to=nobody@localhost', { credentials: 'omit' }).then(
      (response) => setThere(response.ok && (response.headers.get('content-type') ?? '').includes('json')),
      () => undefined,
    );
  }, []);
  return there;
}
