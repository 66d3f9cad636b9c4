import { useState } from 'preact/hooks';
import { rest } from '../app/account.js';
import { language } from '../app/language.js';
import { navigate, takeSecret } from '../app/router.js';
import { Field, PasswordField } from '../components/field.js';
import { useForm } from '../components/form.js';
import { Link } from '../components/link.js';
import { Notice } from '../components/notice.js';
import { passwordFaults } from '../components/password-faults.js';
import { isEmail, isUsername } from '../text/rules.js';
import { t } from '../texts/index.js';
import { CardPage } from './page.js';

const types = ['member', 'startup', 'investor'] as const;

export function RegisterPage() {
  const [accountType, setAccountType] = useState<(typeof types)[number]>('member');
  // From the link of an invitation, where people register by invitation only.
  const [invitation] = useState(() => takeSecret('invitation'));
  const { field, form, fault, busy, values } = useForm({
    initial: { email: '', username: '', password: '', passwordConfirmation: '' },
    labels: {
      email: t.register.email,
      username: t.register.username,
      password: t.register.password,
      passwordConfirmation: t.register.confirmation,
    },
    check: (typed) => ({
      ...(!isEmail(typed.email) && { email: typed.email ? t.register.emailInvalid : t.register.needed }),
      ...(!isUsername(typed.username) && { username: typed.username ? t.register.usernameInvalid : t.register.needed }),
      ...passwordFaults(typed),
    }),
    submit: async (typed) => {
      const email = typed.email.trim();
      const body = { ...typed, email, accountType, locale: language.get(), ...(invitation !== null && { invitation }) };
      await rest.call('auth.register', { body });
      navigate('/activate', { state: { email, sentAt: Date.now() } });
    },
  });
  return (
    <CardPage title={t.register.title} lead={t.register.lead}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <form {...form}>
        <Field {...field('email')} type="email" autoComplete="email" hint={t.register.emailHint} autoFocus maxLength={254} />
        <Field {...field('username')} autoComplete="username" hint={t.register.usernameHint} maxLength={32} />
        <PasswordField
          {...field('password')}
          autoComplete="new-password"
          strengthAgainst={[values.email, values.username]}
          maxLength={256}
        />
        <PasswordField {...field('passwordConfirmation')} autoComplete="new-password" maxLength={256} />
        <fieldset class="checks inline">
          <legend>{t.register.type}</legend>
          {types.map((key) => (
            <label key={key} class="check">
              <input type="radio" name="accountType" checked={accountType === key} onChange={() => setAccountType(key)} />
              <span>{t.register.types[key]}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? t.register.busy : t.register.submit}
        </button>
      </form>
      <p class="aside">
        {t.register.haveAccount} <Link to="/login">{t.register.logIn}</Link>
      </p>
    </CardPage>
  );
}
