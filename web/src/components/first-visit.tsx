import { account } from '../app/account.js';
import { changeProfile, changeUsername } from '../app/profile.js';
import { isUsername } from '../text/rules.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';
import { useForm } from './form.js';
import { Notice } from './notice.js';
import { UsernameSuggestions } from './username-suggestions.js';
import { useStore } from './use-store.js';

/** Asks somebody new how to be called, once. */
export function FirstVisit() {
  const me = useStore(account, (state) => (state.status === 'signed-in' ? state.me : null));
  const { field, form, fault, busy, values, setValue } = useForm({
    initial: { firstName: me?.firstName ?? '', lastName: me?.lastName ?? '', username: me?.username ?? '' },
    labels: { firstName: t.settings.firstName, lastName: t.settings.lastName, username: t.settings.username },
    check: ({ username }) => (isUsername(username) ? {} : { username: t.register.usernameInvalid }),
    submit: async ({ firstName, lastName, username }) => {
      // The name first: it may be refused, and then the dialog stays.
      if (username !== me?.username) await changeUsername(username);
      await changeProfile({ firstName: firstName.trim() || null, lastName: lastName.trim() || null, profileCompleted: true });
    },
  });
  if (!me || me.profileCompleted) return null;
  const later = () => act(() => changeProfile({ profileCompleted: true }));
  return (
    <Dialog title={t.first.title} onClose={later}>
      <p class="lead">{t.first.lead}</p>
      <form {...form}>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <div class="field-pair">
          <Field {...field('firstName')} autoComplete="given-name" autoFocus maxLength={30} />
          <Field {...field('lastName')} autoComplete="family-name" maxLength={30} />
        </div>
        <Field {...field('username')} autoComplete="username" maxLength={32} />
        <UsernameSuggestions firstName={values.firstName} lastName={values.lastName} onPick={(name) => setValue('username', name)} />
        <div class="actions">
          <button type="button" class="button quiet" onClick={later}>
            {t.first.later}
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            {t.first.done}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
