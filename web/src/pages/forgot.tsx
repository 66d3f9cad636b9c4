import { useState } from 'preact/hooks';
import { rest } from '../app/account.js';
import { place } from '../app/router.js';
import { Field } from '../components/field.js';
import { useForm } from '../components/form.js';
import { Link } from '../components/link.js';
import { Notice } from '../components/notice.js';
import { isEmail } from '../text/rules.js';
import { t } from '../texts/index.js';
import { CardPage } from './page.js';

export function ForgotPage() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const known = place.get().state.email;
  const { field, form, fault, busy } = useForm({
    initial: { email: typeof known === 'string' ? known : '' },
    labels: { email: t.forgot.email },
    check: ({ email }) => (isEmail(email) ? {} : { email: t.register.emailInvalid }),
    submit: async ({ email }) => {
      await rest.call('auth.password-reset.request', { body: { email: email.trim() } });
      setSentTo(email.trim());
    },
  });
  const back = (
    <p class="aside">
      <Link to="/login">{t.forgot.back}</Link>
    </p>
  );
  if (sentTo !== null) {
    return (
      <CardPage key="sent" title={t.forgot.sentTitle}>
        <Notice tone="good">{t.forgot.sent(sentTo)}</Notice>
        <button type="button" class="button quiet wide" onClick={() => setSentTo(null)}>
          {t.forgot.again}
        </button>
        {back}
      </CardPage>
    );
  }
  return (
    <CardPage key="ask" title={t.forgot.title} lead={t.forgot.lead}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <form {...form}>
        <Field {...field('email')} type="email" autoComplete="email" autoFocus maxLength={254} />
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? t.forgot.busy : t.forgot.submit}
        </button>
      </form>
      {back}
    </CardPage>
  );
}
