import { useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { Me } from '../api/wire.js';
import { rest } from '../app/account.js';
import { becomeMe, changeUsername } from '../app/profile.js';
import { toast } from '../app/toasts.js';
import { isEmail, isUsername } from '../text/rules.js';
import { faultText, t } from '../texts/index.js';
import { CodeInput } from './code-input.js';
import { Field, PasswordField } from './field.js';
import { useForm } from './form.js';
import { LogOutButton } from './log-out.js';
import { Notice } from './notice.js';
import { passwordFaults } from './password-faults.js';
import { UsernameSuggestions } from './username-suggestions.js';

/** What the account is entered by: username, email, password. */
export function AccountSettings({ me }: { me: Me }) {
  return (
    <>
      <UsernamePart key={me.username} me={me} />
      <EmailPart key={me.email} me={me} />
      <PasswordPart me={me} />
      <section class="part">
        <LogOutButton />
      </section>
    </>
  );
}

function UsernamePart({ me }: { me: Me }) {
  const { field, form, fault, busy, setValue, values } = useForm({
    initial: { username: me.username },
    labels: { username: t.settings.username },
    check: ({ username }) => (isUsername(username) ? {} : { username: t.register.usernameInvalid }),
    submit: async ({ username }) => {
      await changeUsername(username);
      toast(t.settings.saved);
    },
  });
  const later = me.usernameChangeableAt !== null && Date.parse(me.usernameChangeableAt) > Date.now();
  return (
    <section class="part">
      <h2>{t.settings.username}</h2>
      <p class="part-text">
        {later && me.usernameChangeableAt ? t.settings.usernameLater(t.time.date(me.usernameChangeableAt)) : t.settings.usernameText}
      </p>
      {!later && (
        <form {...form}>
          {fault && <Notice tone="bad">{fault}</Notice>}
          <Field {...field('username')} autoComplete="username" maxLength={32} />
          <UsernameSuggestions onPick={(name) => setValue('username', name)} />
          <button type="submit" class="button quiet" disabled={busy || values.username === me.username}>
            {busy ? t.settings.busy : t.settings.changeUsername}
          </button>
        </form>
      )}
    </section>
  );
}

function EmailPart({ me }: { me: Me }) {
  const [asked, setAsked] = useState<string | null>(null);
  const { field, form, fault, busy } = useForm({
    initial: { email: '', password: '' },
    labels: { email: t.settings.newEmail, password: t.settings.currentPassword },
    check: ({ email, password }) => ({
      ...(!isEmail(email) && { email: t.register.emailInvalid }),
      ...(!password && { password: t.register.needed }),
    }),
    submit: async ({ email, password }) => {
      await rest.call('users.email.change', { body: { email: email.trim(), password } });
      setAsked(email.trim());
    },
  });
  return (
    <section class="part">
      <h2>{t.settings.email}</h2>
      <p class="part-text">{t.settings.emailNow(me.email)}</p>
      {asked !== null ? (
        <Confirmation
          text={t.settings.emailCode(asked)}
          onCancel={() => setAsked(null)}
          onCode={async (code) => {
            becomeMe(await rest.call('users.email.confirm', { body: { code } }));
            toast(t.settings.emailChanged);
          }}
        />
      ) : (
        <form {...form}>
          {fault && <Notice tone="bad">{fault}</Notice>}
          <Field {...field('email')} type="email" autoComplete="email" maxLength={254} />
          <PasswordField {...field('password')} autoComplete="current-password" maxLength={256} />
          <button type="submit" class="button quiet" disabled={busy}>
            {busy ? t.settings.busy : t.settings.changeEmail}
          </button>
        </form>
      )}
    </section>
  );
}

function PasswordPart({ me }: { me: Me }) {
  const [asked, setAsked] = useState(false);
  const { field, form, fault, busy } = useForm({
    initial: { currentPassword: '', password: '', passwordConfirmation: '' },
    labels: {
      currentPassword: t.settings.currentPassword,
      password: t.settings.newPassword,
      passwordConfirmation: t.register.confirmation,
    },
    check: (typed) => ({ ...(!typed.currentPassword && { currentPassword: t.register.needed }), ...passwordFaults(typed) }),
    submit: async (typed) => {
      await rest.call('users.password.change', { body: typed });
      setAsked(true);
    },
  });
  return (
    <section class="part">
      <h2>{t.settings.password}</h2>
      {asked ? (
        <Confirmation
          text={t.settings.passwordCode}
          onCancel={() => setAsked(false)}
          onCode={async (code) => {
            await rest.call('users.password.confirm', { body: { code } });
            toast(t.settings.passwordChanged);
            setAsked(false);
          }}
        />
      ) : (
        <form {...form}>
          {fault && <Notice tone="bad">{fault}</Notice>}
          <PasswordField {...field('currentPassword')} autoComplete="current-password" maxLength={256} />
          <PasswordField {...field('password')} autoComplete="new-password" strengthAgainst={[me.email, me.username]} maxLength={256} />
          <PasswordField {...field('passwordConfirmation')} autoComplete="new-password" maxLength={256} />
          <button type="submit" class="button quiet" disabled={busy}>
            {busy ? t.settings.busy : t.settings.changePassword}
          </button>
        </form>
      )}
    </section>
  );
}

/** The six digits that were mailed. */
function Confirmation({ text, onCode, onCancel }: { text: string; onCode: (code: string) => Promise<void>; onCancel: () => void }) {
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | undefined>();
  const confirm = async (digits: string) => {
    if (busy) return;
    setBusy(true);
    try {
      await onCode(digits);
    } catch (error) {
      setFault(faultText(toFault(error)));
      setCode('');
      setBusy(false);
    }
  };
  return (
    <div class="confirmation">
      <p class="part-text">{text}</p>
      <CodeInput
        value={code}
        onValue={(value) => {
          setCode(value);
          setFault(undefined);
        }}
        onFull={(digits) => {
          confirm(digits).catch(() => undefined);
        }}
        error={fault}
        disabled={busy}
      />
      <button type="button" class="link-button" onClick={onCancel}>
        {t.app.cancel}
      </button>
    </div>
  );
}
