import { rest } from '../../app/account.js';
import { toast } from '../../app/toasts.js';
import { t } from '../../texts/index.js';
import { Dialog } from '../dialog.js';
import { TextField } from '../field.js';
import { useForm } from '../form.js';
import { Notice } from '../notice.js';

const calls = {
  message: 'admin.messages.delete',
  post: 'admin.posts.delete',
  comment: 'admin.comments.delete',
  room: 'admin.rooms.delete',
} as const;

export interface Removed {
  kind: keyof typeof calls;
  id: string;
  /** How it is called, or begins. */
  what: string;
}

/** Removes what somebody else made, and asks why: the reason stands in the audit log. */
export function RemoveDialog({ of: { kind, id, what }, onClose, onRemoved }: { of: Removed; onClose: () => void; onRemoved: () => void }) {
  const { field, form, fault, busy } = useForm({
    initial: { reason: '' },
    labels: { reason: t.admin.reason },
    check: ({ reason }) => (reason.trim() ? {} : { reason: t.admin.needReason }),
    submit: async ({ reason }) => {
      await rest.call(calls[kind], { params: { id }, body: { reason: reason.trim() } });
      toast(t.admin.removed);
      onRemoved();
    },
  });
  return (
    <Dialog title={t.admin.removeTitles[kind]} onClose={onClose}>
      <p>{t.admin.removeTexts[kind]}</p>
      <blockquote class="reported" dir="auto">
        {what}
      </blockquote>
      <form {...form}>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <TextField {...field('reason')} maxLength={1000} />
        <div class="actions">
          <button type="button" class="button quiet" onClick={onClose}>
            {t.app.cancel}
          </button>
          <button type="submit" class="button danger" disabled={busy}>
            {busy ? t.settings.busy : t.admin.remove}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
