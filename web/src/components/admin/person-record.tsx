import { useEffect, useState } from 'preact/hooks';
import { toFault } from '../../api/fault.js';
import type { CallReply, Me, Sanction, SanctionKind } from '../../api/wire.js';
import { account, rest } from '../../app/account.js';
import { toast } from '../../app/toasts.js';
import { type Duration, endOf, hasEnd, sanctionsFor } from '../../text/authority.js';
import { authorName } from '../../text/names.js';
import { faultText, t } from '../../texts/index.js';
import { act } from '../act.js';
import { Avatar } from '../avatar.js';
import { TextField } from '../field.js';
import { useForm } from '../form.js';
import { Link } from '../link.js';
import { Notice, Spinner } from '../notice.js';
import { Select } from '../select.js';
import { Time } from '../time.js';
import { useNow, useStore } from '../use-store.js';
import { DurationSelect } from './duration-select.js';
import { moment, Standing } from './standing.js';

type Record = CallReply<'admin.users.get'>;
type Role = Me['role'];

/** One account: what it is, what was done about it, and what one may do. */
export function PersonRecord({ id, role }: { id: string; role: Role }) {
  const [record, setRecord] = useState<Record | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const myId = useStore(account, (state) => (state.status === 'signed-in' ? state.me.id : null));
  const now = useNow();
  const load = async () => {
    try {
      setRecord(await rest.call('admin.users.get', { params: { id } }));
      setFault(null);
    } catch (error) {
      setFault(faultText(toFault(error)));
    }
  };
  useEffect(() => {
    load().catch(() => undefined);
  }, []);
  return (
    <>
      <p class="back-line">
        <Link to="/admin/people">{t.admin.backToPeople}</Link>
      </p>
      {fault && <Notice tone="bad">{fault}</Notice>}
      {!record && !fault && <Spinner label={t.app.loading} />}
      {record && (
        <>
          <div class="record-head">
            <Avatar name={record.user.displayName || record.user.username} id={id} url={record.user.avatarUrl} size="large" />
            <div>
              <h2>{record.user.displayName || record.user.username}</h2>
              <p>
                @{record.user.username} · {record.user.email}
              </p>
              <p>
                <small>{t.admin.since(t.time.date(record.user.createdAt))}</small>
              </p>
              <p class="standing">
                <Standing user={record.user} now={now} />
              </p>
            </div>
          </div>
          {id !== myId && <Sanctioning record={record} role={role} onDone={load} />}
          <section class="part">
            <h2>{t.admin.history}</h2>
            {record.sanctions.length === 0 && <p class="part-text">{t.admin.noHistory}</p>}
            <ul class="person-rows">
              {record.sanctions.map((sanction) => (
                <SanctionRow
                  key={sanction.id}
                  sanction={sanction}
                  mayLift={sanctionsFor(role, record.user.role).includes(sanction.kind)}
                  onLifted={load}
                />
              ))}
            </ul>
          </section>
          {role === 'admin' && <RolePart record={record} onDone={load} />}
        </>
      )}
    </>
  );
}

function Sanctioning({ record, role, onDone }: { record: Record; role: Role; onDone: () => Promise<void> }) {
  const possible = sanctionsFor(role, record.user.role);
  const [kind, setKind] = useState<SanctionKind>('warn');
  const [duration, setDuration] = useState<Duration>('day');
  const { field, form, fault, busy, setValue } = useForm({
    initial: { reason: '' },
    labels: { reason: t.admin.reason },
    check: ({ reason }) => (reason.trim() ? {} : { reason: t.admin.needReason }),
    submit: async ({ reason }) => {
      await rest.call('admin.sanctions.create', {
        params: { id: record.user.id },
        body: { kind, reason: reason.trim(), ...(hasEnd(kind) && endOf(duration)) },
      });
      toast(t.admin.imposed);
      setValue('reason', '');
      await onDone();
    },
  });
  return (
    <section class="part">
      <h2>{t.admin.act}</h2>
      {possible.length === 0 ? (
        <p class="part-text">{t.admin.notOver}</p>
      ) : (
        <form {...form}>
          {fault && <Notice tone="bad">{fault}</Notice>}
          <div class="field-pair">
            <Select
              label={t.admin.actKind}
              value={kind}
              options={possible.map((key) => ({ key, words: t.admin.sanctions[key] }))}
              onValue={setKind}
            />
            {hasEnd(kind) && <DurationSelect value={duration} onValue={setDuration} />}
          </div>
          <TextField {...field('reason')} hint={t.admin.reasonHint} maxLength={1000} />
          <button type="submit" class="button danger" disabled={busy}>
            {busy ? t.settings.busy : t.admin.act}
          </button>
        </form>
      )}
    </section>
  );
}

function SanctionRow({ sanction, mayLift, onLifted }: { sanction: Sanction; mayLift: boolean; onLifted: () => Promise<void> }) {
  const now = useNow();
  const { kind, reason, by, createdAt, endsAt, liftedAt } = sanction;
  const over = liftedAt !== null || kind === 'warn' || (endsAt !== null && Date.parse(endsAt) <= now);
  return (
    <li class="person-row">
      <span class="member-text wrapping">
        <strong>{t.admin.sanctions[kind]}</strong>
        <span dir="auto">{reason}</span>
        <small>
          {by && `${t.admin.by(authorName(by))} · `}
          <Time at={createdAt} now={now} />
          {kind !== 'warn' &&
            ` · ${liftedAt ? t.admin.lifted(moment(liftedAt) ?? '') : over ? t.admin.over : t.admin.ends(endsAt && moment(endsAt))}`}
        </small>
      </span>
      {!over && mayLift && (
        <span class="row-actions">
          <button
            type="button"
            class="button quiet small"
            onClick={() =>
              act(async () => {
                await rest.call('admin.sanctions.lift', { params: { id: sanction.id } });
                await onLifted();
              })
            }
          >
            {t.admin.lift}
          </button>
        </span>
      )}
    </li>
  );
}

const roles: readonly Role[] = ['user', 'moderator', 'admin'];

function RolePart({ record, onDone }: { record: Record; onDone: () => Promise<void> }) {
  return (
    <section class="part">
      <h2>{t.admin.roleTitle}</h2>
      <p class="part-text">{t.admin.roleText}</p>
      <Select
        label={t.admin.role}
        value={record.user.role}
        options={roles.map((key) => ({ key, words: t.admin.roles[key] }))}
        onValue={(role) =>
          act(async () => {
            try {
              await rest.call('admin.users.update', { params: { id: record.user.id }, body: { role } });
              toast(t.admin.roleSaved);
            } finally {
              await onDone();
            }
          })
        }
      />
    </section>
  );
}
