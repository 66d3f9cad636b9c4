import { useEffect, useState } from 'preact/hooks';
import { account, forgetEnding, logIn, type Ending } from '../app/account.js';
import { place } from '../app/router.js';
import { Field, PasswordField } from '../components/field.js';
import { useForm } from '../components/form.js';
import { Link } from '../components/link.js';
import { Notice } from '../components/notice.js';
import { isEmail } from '../text/rules.js';
import { faultText, t } from '../texts/index.js';
import { toFault } from '../api/fault.js';
import { CardPage } from './page.js';

export function LoginPage() {
  const { state } = place.get();
  const [inactive, setInactive] = useState(false);
  // Decided once: what is typed later must not move the focus.
  const [known] = useState(() => (typeof state.login === 'string' ? state.login : ''));
  const [ending] = useState<Ending | null>(() => {
    const now = account.get();
    return now.status === 'guest' ? now.ending : null;
  });
  useEffect(() => forgetEnding, []);
  const { field, form, fault, busy, values } = useForm({
    initial: { login: known, password: '' },
    labels: { login: t.login.login, password: t.login.password },
    check: (typed) => ({
      ...(!typed.login.trim() && { login: t.login.needLogin }),
      ...(!typed.password && { password: t.login.needPassword }),
    }),
    submit: async ({ login, password }) => {
      setInactive(false);
      try {
        await logIn(login.trim(), password);
      } catch (error) {
        setInactive(toFault(error).code === 'auth.inactive');
        throw error;
      }
      // The page of a signed-in person is chosen where pages are chosen.
    },
  });
  return (
    <CardPage title={t.login.title} lead={t.login.lead}>
      {fault ? (
        <Notice tone="bad">
          {fault}
          {inactive && (
            <>
              {' '}
              <Link to="/activate" state={isEmail(values.login) ? { email: values.login.trim() } : {}}>
                {t.login.activate}
              </Link>
            </>
          )}
        </Notice>
      ) : (
        <Reason ending={ending} activated={state.activated === true} />
      )}
      <form {...form}>
        <Field {...field('login')} autoComplete="username" autoFocus={known === ''} maxLength={254} />
        <PasswordField {...field('password')} autoComplete="current-password" autoFocus={known !== ''} maxLength={256} />
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? t.login.busy : t.login.submit}
        </button>
      </form>
      <p class="aside">
        <Link to="/forgot" state={isEmail(values.login) ? { email: values.login.trim() } : {}}>
          {t.login.forgot}
        </Link>
        <br />
        {t.login.noAccount} <Link to="/register">{t.login.register}</Link>
      </p>
    </CardPage>
  );
}

function Reason({ ending, activated }: { ending: Ending | null; activated: boolean }) {
  if (activated) return <Notice tone="good">{t.activate.done}</Notice>;
  switch (ending?.why) {
    case undefined:
      return null;
    case 'logged-out':
      return <Notice tone="plain">{t.login.loggedOut}</Notice>;
    case 'elsewhere':
      return <Notice tone="plain">{t.login.elsewhere}</Notice>;
    case 'password-changed':
      return <Notice tone="good">{t.login.passwordChanged}</Notice>;
    case 'ended':
      return (
        <Notice tone="bad">
          <strong>{t.login.ended}.</strong> {faultText({ code: ending.code, message: '' })}
        </Notice>
      );
  }
}
