import { useState } from 'preact/hooks';
import { rest } from '../app/account.js';
import { answered, question, type Question, type Reported } from '../app/asking.js';
import { setBlocked } from '../app/friends.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Confirm, Dialog } from './dialog.js';
import { TextField } from './field.js';
import { useForm } from './form.js';
import { Notice } from './notice.js';
import { useStore } from './use-store.js';

/** The question that somebody's click raised. */
export function OpenQuestion() {
  const open = useStore(question, (state) => state);
  if (!open) return null;
  return open.ask === 'report' ? <ReportDialog reported={open.reported} /> : <BlockDialog person={open.person} />;
}

function ReportDialog({ reported: { kind, id, what, owner } }: { reported: Reported }) {
  const [blocks, setBlocks] = useState(false);
  const { field, form, fault, busy } = useForm({
    initial: { reason: '' },
    labels: { reason: t.report.reason },
    check: ({ reason }) => (reason.trim() ? {} : { reason: t.report.needReason }),
    submit: async ({ reason }) => {
      await rest.call('reports.create', { body: { kind, id, reason: reason.trim() } });
      toast(t.report.sent);
      answered();
      if (blocks && owner) await setBlocked(owner.username, true);
    },
  });
  return (
    <Dialog title={t.report.titles[kind]} onClose={answered}>
      <blockquote class="reported" dir="auto">
        {what}
      </blockquote>
      <form {...form}>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <TextField {...field('reason')} hint={t.report.hint} maxLength={1000} />
        {owner && (
          <label class="check">
            <input type="checkbox" checked={blocks} onChange={(event) => setBlocks(event.currentTarget.checked)} />
            <span>{t.report.alsoBlock(owner.username)}</span>
          </label>
        )}
        <div class="actions">
          <button type="button" class="button quiet" onClick={answered}>
            {t.app.cancel}
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            {busy ? t.settings.busy : t.report.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function BlockDialog({ person }: { person: Extract<Question, { ask: 'block' }>['person'] }) {
  return (
    <Confirm
      title={t.blocks.blockTitle(('displayName' in person && person.displayName) || person.username)}
      text={t.blocks.blockText}
      action={t.blocks.block}
      onNo={answered}
      onYes={() => {
        answered();
        act(() => setBlocked(person.username, true));
      }}
    />
  );
}
