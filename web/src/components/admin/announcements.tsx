import { useState } from 'preact/hooks';
import { rest } from '../../app/account.js';
import { toast } from '../../app/toasts.js';
import { t } from '../../texts/index.js';
import { Confirm } from '../dialog.js';
import { TextField } from '../field.js';
import { useForm } from '../form.js';
import { Notice } from '../notice.js';
import { useTask } from '../use-list.js';

/** Words to everybody. */
export function Announcements() {
  const [asking, setAsking] = useState<string | null>(null);
  const task = useTask();
  const { field, form, setValue } = useForm({
    initial: { message: '' },
    labels: { message: t.admin.announcement },
    check: ({ message }) => (message.trim() ? {} : { message: t.admin.needText }),
    submit: ({ message }) => {
      setAsking(message.trim());
      return Promise.resolve();
    },
  });
  return (
    <>
      <p class="lead">{t.admin.announceLead}</p>
      <form {...form}>
        {task.fault && <Notice tone="bad">{task.fault}</Notice>}
        <TextField {...field('message')} maxLength={4096} />
        <button type="submit" class="button primary" disabled={task.busy}>
          {task.busy ? t.settings.busy : t.admin.announce}
        </button>
      </form>
      {asking !== null && (
        <Confirm
          title={t.admin.announceTitle}
          text={t.admin.announceText}
          action={t.admin.announce}
          onNo={() => setAsking(null)}
          onYes={() => {
            setAsking(null);
            task.run(async () => {
              await rest.call('announcements.create', { body: { message: asking } });
              setValue('message', '');
              toast(t.admin.announced);
            });
          }}
        />
      )}
    </>
  );
}
