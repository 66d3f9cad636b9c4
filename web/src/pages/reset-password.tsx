import { useEffect, useState } from 'preact/hooks';
import { toFault, type Fault } from '../api/fault.js';
import { passwordWasReset, rest } from '../app/account.js';
import { navigate, takeSecret } from '../app/router.js';
import { PasswordField } from '../components/field.js';
import { useForm } from '../components/form.js';
import { Link } from '../components/link.js';
import { Notice, Spinner } from '../components/notice.js';
import { faultText, t } from '../texts/index.js';
import { CardPage } from './page.js';
import { passwordFaults } from '../components/password-faults.js';

type LinkState = { state: 'checking' } | { state: 'good'; token: string } | { state: 'bad' } | { state: 'unknown'; fault: Fault };

export function ResetPasswordPage() {
  const [token] = useState(() => takeSecret('token'));
  const [link, setLink] = useState<LinkState>({ state: token === null ? 'bad' : 'checking' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (token === null) return;
    rest.call('auth.password-reset.validate', { body: { token } }).then(
      () => setLink({ state: 'good', token }),
      (error: unknown) => {
        const fault = toFault(error);
        setLink(fault.code === 'auth.code-invalid' || fault.code === 'request.invalid' ? { state: 'bad' } : { state: 'unknown', fault });
      },
    );
  }, [token, turn]);

  switch (link.state) {
    case 'checking':
      return (
        <CardPage key="checking" title={t.reset.title}>
          <Spinner label={t.reset.checking} />
        </CardPage>
      );
    case 'bad':
      return (
        <CardPage key="bad" title={t.reset.badTitle} lead={t.reset.bad}>
          <Link to="/forgot" class="button primary wide">
            {t.reset.newLink}
          </Link>
        </CardPage>
      );
    case 'unknown':
      return (
        <CardPage key="unknown" title={t.reset.title}>
          <Notice tone="bad">{faultText(link.fault)}</Notice>
          <button
            type="button"
            class="button primary wide"
            onClick={() => {
              setLink({ state: 'checking' });
              setTurn(turn + 1);
            }}
          >
            {t.app.tryAgain}
          </button>
        </CardPage>
      );
    case 'good':
      return <NewPassword token={link.token} onBad={() => setLink({ state: 'bad' })} />;
  }
}

function NewPassword({ token, onBad }: { token: string; onBad: () => void }) {
  const { field, form, fault, busy } = useForm({
    initial: { password: '', passwordConfirmation: '' },
    labels: { password: t.reset.password, passwordConfirmation: t.reset.confirmation },
    check: passwordFaults,
    submit: async (typed) => {
      try {
        await rest.call('auth.password-reset.confirm', { body: { token, ...typed } });
      } catch (error) {
        if (toFault(error).code === 'auth.code-invalid') {
          onBad();
          return;
        }
        throw error;
      }
      passwordWasReset();
      navigate('/login', { replace: true });
    },
  });
  return (
    <CardPage key="good" title={t.reset.title} lead={t.reset.lead}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <form {...form}>
        <PasswordField {...field('password')} autoComplete="new-password" strengthAgainst={[]} autoFocus maxLength={256} />
        <PasswordField {...field('passwordConfirmation')} autoComplete="new-password" maxLength={256} />
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? t.reset.busy : t.reset.submit}
        </button>
      </form>
    </CardPage>
  );
}
