import { useState } from 'preact/hooks';
import type { Me, Report, ReportDecision, ReportKind } from '../../api/wire.js';
import { rest } from '../../app/account.js';
import { toast } from '../../app/toasts.js';
import { decisionsFor, type Duration, endOf, hasEnd } from '../../text/authority.js';
import { authorName } from '../../text/names.js';
import { t } from '../../texts/index.js';
import { act } from '../act.js';
import { Dialog } from '../dialog.js';
import { TextField } from '../field.js';
import { useForm } from '../form.js';
import { Link } from '../link.js';
import { ListState } from '../list-state.js';
import { Notice } from '../notice.js';
import { Select } from '../select.js';
import { Time } from '../time.js';
import { usePages } from '../use-list.js';
import { useNow } from '../use-store.js';
import { DurationSelect } from './duration-select.js';

type Status = Report['status'];

const statuses: readonly Status[] = ['open', 'claimed', 'resolved', 'dismissed'];
const kinds: readonly ReportKind[] = ['message', 'post', 'comment', 'person', 'room'];

/** What people reported, the oldest first, to take and to decide. */
export function Reports({ role }: { role: Me['role'] }) {
  const [status, setStatus] = useState<Status>('open');
  const [kind, setKind] = useState<ReportKind | 'all'>('all');
  const [deciding, setDeciding] = useState<Report | null>(null);
  const pages = usePages<Report>(
    (cursor) =>
      rest.call('admin.reports.list', { query: { status, limit: 30, ...(kind !== 'all' && { kind }), ...(cursor && { cursor }) } }),
    [status, kind],
  );
  const without = ({ id }: Report) => pages.change((items) => items.filter((other) => other.id !== id));
  return (
    <>
      <div class="filters">
        <Select
          label={t.admin.status}
          value={status}
          options={statuses.map((key) => ({ key, words: t.admin.statuses[key] }))}
          onValue={setStatus}
        />
        <Select
          label={t.admin.kind}
          value={kind}
          options={[{ key: 'all' as const, words: t.admin.allKinds }, ...kinds.map((key) => ({ key, words: t.admin.kinds[key] }))]}
          onValue={setKind}
        />
      </div>
      <ListState of={pages} empty={t.admin.noReports} emptyText={t.admin.noReportsText}>
        <ul class="cases">
          {pages.items?.map((report) => (
            <Case
              key={report.id}
              report={report}
              onClaim={() =>
                act(async () => {
                  await rest.call('admin.reports.claim', { params: { id: report.id } });
                  without(report);
                  toast(t.admin.claimed);
                })
              }
              onDecide={() => setDeciding(report)}
            />
          ))}
        </ul>
      </ListState>
      {deciding && (
        <DecideDialog
          report={deciding}
          role={role}
          onClose={() => setDeciding(null)}
          onDecided={() => {
            // Others of the same thing went with it.
            pages.reload();
            setDeciding(null);
          }}
        />
      )}
    </>
  );
}

function Case({ report, onClaim, onDecide }: { report: Report; onClaim: () => void; onDecide: () => void }) {
  const now = useNow();
  const { kind, owner, reporter, claimedBy, status, decision } = report;
  const done = status === 'resolved' || status === 'dismissed';
  return (
    <li class="case">
      <p class="case-head">
        <span class="tag">{t.admin.kinds[kind]}</span>
        {owner && <Link to={`/admin/people/${owner.id}`}>{t.admin.of(authorName(owner))}</Link>}
        <small>
          <Time at={report.createdAt} now={now} />
        </small>
      </p>
      {report.content !== '' && (
        <blockquote class="reported" dir="auto">
          {report.content}
        </blockquote>
      )}
      <p dir="auto">
        <strong>{t.admin.why}:</strong> {report.reason}
      </p>
      <p class="case-foot">
        <small>
          {t.admin.reportedBy(reporter ? authorName(reporter) : t.admin.nobody)}
          {claimedBy && ` · ${t.admin.takenBy(authorName(claimedBy))}`}
        </small>
        {done ? (
          <small>
            {decision && t.admin.decided(t.admin.decisions[decision])}
            {report.note && ` · ${report.note}`}
          </small>
        ) : (
          <span class="row-actions">
            {status === 'open' && (
              <button type="button" class="button quiet small" onClick={onClaim}>
                {t.admin.claim}
              </button>
            )}
            <button type="button" class="button primary small" onClick={onDecide}>
              {t.admin.decide}
            </button>
          </span>
        )}
      </p>
    </li>
  );
}

function DecideDialog({
  report,
  role,
  onClose,
  onDecided,
}: {
  report: Report;
  role: Me['role'];
  onClose: () => void;
  onDecided: () => void;
}) {
  const [decision, setDecision] = useState<ReportDecision>('dismiss');
  const [duration, setDuration] = useState<Duration>('day');
  const { field, form, fault, busy } = useForm({
    initial: { note: '' },
    labels: { note: t.admin.note },
    check: () => ({}),
    submit: async ({ note }) => {
      await rest.call('admin.reports.decide', {
        params: { id: report.id },
        body: { decision, ...(note.trim() && { note: note.trim() }), ...(hasEnd(decision) && endOf(duration)) },
      });
      toast(t.admin.decidedToast);
      onDecided();
    },
  });
  const possible = decisionsFor(role, report.kind);
  return (
    <Dialog title={t.admin.decideTitle} onClose={onClose}>
      <blockquote class="reported" dir="auto">
        {report.content || t.admin.kinds[report.kind]}
      </blockquote>
      <form {...form}>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <Select
          label={t.admin.decision}
          value={decision}
          options={possible.map((key) => ({ key, words: t.admin.decisions[key] }))}
          onValue={setDecision}
        />
        {hasEnd(decision) && <DurationSelect value={duration} onValue={setDuration} />}
        <TextField {...field('note')} hint={t.admin.noteHint} maxLength={1000} />
        <div class="actions">
          <button type="button" class="button quiet" onClick={onClose}>
            {t.app.cancel}
          </button>
          <button type="submit" class={`button ${decision === 'dismiss' ? 'primary' : 'danger'}`} disabled={busy}>
            {busy ? t.settings.busy : t.admin.decide}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
