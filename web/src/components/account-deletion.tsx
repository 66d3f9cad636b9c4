import { useState } from 'preact/hooks';
import type { AccountDeletion } from '../api/wire.js';
import { rest } from '../app/account.js';
import { socket } from '../app/live.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Confirm } from './dialog.js';
import { PasswordField } from './field.js';
import { useForm } from './form.js';
import { Notice, Spinner } from './notice.js';
import { useTold } from './use-told.js';

/** The end of the account: asked for with the password, and taken back while there is time. */
export function AccountDeletionPart() {
  const { known, fault, change } = useTold<AccountDeletion | null>(
    async () => (await rest.call('privacy.deletion.state', {})).deletion,
    (take) => socket.on('account.deletion', (event) => take(event.deletion)),
  );
  const keep = () =>
    act(async () => {
      await change(async () => {
        await rest.call('privacy.deletion.cancel', {});
        return null;
      });
      toast(t.privacy.kept);
    });
  return (
    <section class="part">
      <h2>{t.privacy.deleteTitle}</h2>
      <p class="part-text">{t.privacy.deleteText}</p>
      {fault !== null && <Notice tone="bad">{fault}</Notice>}
      {!known ? (
        fault === null && <Spinner label={t.app.loading} />
      ) : known.value ? (
        <>
          <Notice tone="bad">
            {t.privacy.deletionAt(t.time.date(known.value.eraseAfter))} {t.privacy.deletionOf[known.value.messages]}
          </Notice>
          <button type="button" class="button primary" onClick={keep}>
            {t.privacy.keep}
          </button>
        </>
      ) : (
        <DeletionForm
          onSure={(password, messages) =>
            change(async () => (await rest.call('privacy.deletion.request', { body: { password, messages } })).deletion)
          }
        />
      )}
    </section>
  );
}

type Choice = AccountDeletion['messages'];
const choices: readonly Choice[] = ['keep', 'erase'];

function DeletionForm({ onSure }: { onSure: (password: string, messages: Choice) => Promise<void> }) {
  const [messages, setMessages] = useState<Choice>('keep');
  // Answers the question whether one is sure; null: it is not asked.
  const [answer, setAnswer] = useState<{ with: (sure: boolean) => void } | null>(null);
  const { field, form, fault, busy } = useForm({
    initial: { password: '' },
    labels: { password: t.settings.currentPassword },
    check: ({ password }) => (password ? {} : { password: t.register.needed }),
    submit: async ({ password }) => {
      const isSure = await new Promise<boolean>((resolve) => setAnswer({ with: resolve }));
      setAnswer(null);
      if (isSure) await onSure(password, messages);
    },
  });
  return (
    <form {...form}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <fieldset class="checks">
        <legend>{t.privacy.messages}</legend>
        {choices.map((key) => (
          <label key={key} class="check">
            <input type="radio" name="messages" value={key} checked={messages === key} onChange={() => setMessages(key)} />
            <span>{t.privacy.messageChoices[key]}</span>
          </label>
        ))}
      </fieldset>
      <PasswordField {...field('password')} autoComplete="current-password" maxLength={256} />
      <button type="submit" class="button danger" disabled={busy}>
        {t.privacy.delete}
      </button>
      {answer && (
        <Confirm
          title={t.privacy.deleteSure}
          text={`${t.privacy.deleteText} ${t.privacy.deletionOf[messages]}`}
          action={t.privacy.delete}
          onNo={() => answer.with(false)}
          onYes={() => answer.with(true)}
        />
      )}
    </form>
  );
}
