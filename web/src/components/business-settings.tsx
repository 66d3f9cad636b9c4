import { useState } from 'preact/hooks';
import type { CallInput, Me } from '../api/wire.js';
import { changeProfile } from '../app/profile.js';
import { toast } from '../app/toasts.js';
import { toWebAddress } from '../text/paths.js';
import { t } from '../texts/index.js';
import { Field, TextField } from './field.js';
import { useForm } from './form.js';
import { Notice } from './notice.js';

type Changes = NonNullable<CallInput<'users.me.update'>['body']>;
type Stage = NonNullable<NonNullable<Changes['startup']>['stage']>;

const stages: readonly Stage[] = ['idea', 'prototype', 'launched', 'growing'];
const mostInterests = 10;
const mostDollars = 1_000_000_000_000;

/** What an account of a business type tells of itself. */
export function BusinessSettings({ me }: { me: Me }) {
  return (
    <section class="part">
      <h2>{me.accountType === 'startup' ? t.business.title.startup : t.business.title.investor}</h2>
      <p class="part-text">{t.business.lead}</p>
      {me.accountType === 'startup' ? <StartupForm startup={me.startup} /> : <InvestorForm investor={me.investor} />}
    </section>
  );
}

async function save(changes: Changes): Promise<void> {
  await changeProfile(changes);
  toast(t.settings.saved);
}

function StartupForm({ startup }: { startup: Me['startup'] }) {
  const [stage, setStage] = useState(stages.find((key) => key === startup?.stage) ?? null);
  const { field, form, fault, busy } = useForm({
    initial: {
      companyName: startup?.companyName ?? '',
      industry: startup?.industry ?? '',
      website: startup?.website ?? '',
      pitch: startup?.pitch ?? '',
    },
    labels: {
      companyName: t.business.companyName,
      industry: t.business.industry,
      website: t.business.website,
      pitch: t.business.pitch,
    },
    check: ({ website }) => websiteFault(website),
    submit: ({ companyName, industry, website, pitch }) =>
      save({
        startup: {
          companyName: companyName.trim() || null,
          industry: industry.trim() || null,
          website: toWebAddress(website),
          pitch: pitch.trim() || null,
          stage,
        },
      }),
  });
  return (
    <form {...form}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <div class="field-pair">
        <Field {...field('companyName')} autoComplete="organization" maxLength={100} />
        <Field {...field('industry')} autoComplete="off" maxLength={50} />
      </div>
      <fieldset class="checks inline">
        <legend>{t.business.stage}</legend>
        {[null, ...stages].map((key) => (
          <label key={key} class="check">
            <input type="radio" name="stage" checked={stage === key} onChange={() => setStage(key)} />
            <span>{key === null ? t.business.noStage : t.business.stages[key]}</span>
          </label>
        ))}
      </fieldset>
      <TextField {...field('pitch')} maxLength={500} />
      <Field {...field('website')} autoComplete="url" maxLength={2048} />
      <Save busy={busy} />
    </form>
  );
}

function InvestorForm({ investor }: { investor: Me['investor'] }) {
  const { field, form, fault, busy } = useForm({
    initial: {
      organization: investor?.organization ?? '',
      interests: investor?.interests.join(', ') ?? '',
      ticketMin: investor?.ticketMin?.toString() ?? '',
      ticketMax: investor?.ticketMax?.toString() ?? '',
      website: investor?.website ?? '',
    },
    labels: {
      organization: t.business.organization,
      interests: t.business.interests,
      ticketMin: t.business.ticketMin,
      ticketMax: t.business.ticketMax,
      website: t.business.website,
    },
    check: ({ ticketMin, ticketMax, website }) => ({
      ...websiteFault(website),
      ...(dollars(ticketMin) === undefined && { ticketMin: t.business.amountInvalid }),
      ...(dollars(ticketMax) === undefined && { ticketMax: t.business.amountInvalid }),
      ...((dollars(ticketMin) ?? 0) > (dollars(ticketMax) ?? mostDollars) && { ticketMax: t.business.orderInvalid }),
    }),
    submit: ({ organization, interests, ticketMin, ticketMax, website }) =>
      save({
        investor: {
          organization: organization.trim() || null,
          interests: interests
            .split(',')
            .map((word) => word.trim())
            .filter((word) => word !== '')
            .slice(0, mostInterests),
          ticketMin: dollars(ticketMin) ?? null,
          ticketMax: dollars(ticketMax) ?? null,
          website: toWebAddress(website),
        },
      }),
  });
  return (
    <form {...form}>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <Field {...field('organization')} autoComplete="organization" maxLength={100} />
      <Field {...field('interests')} autoComplete="off" hint={t.business.interestsHint} maxLength={600} />
      <div class="field-pair">
        <Field {...field('ticketMin')} autoComplete="off" maxLength={16} />
        <Field {...field('ticketMax')} autoComplete="off" maxLength={16} />
      </div>
      <Field {...field('website')} autoComplete="url" maxLength={2048} />
      <Save busy={busy} />
    </form>
  );
}

function Save({ busy }: { busy: boolean }) {
  return (
    <button type="submit" class="button primary" disabled={busy}>
      {busy ? t.settings.busy : t.settings.save}
    </button>
  );
}

function websiteFault(typed: string): { website?: string } {
  return typed.trim() !== '' && toWebAddress(typed) === null ? { website: t.posts.linkInvalid } : {};
}

/** Whole dollars; null: nothing was typed, undefined: no amount. */
function dollars(typed: string): number | null | undefined {
  const text = typed.replace(/[\s,']/g, '');
  if (text === '') return null;
  return /^\d+$/.test(text) && Number(text) <= mostDollars ? Number(text) : undefined;
}
