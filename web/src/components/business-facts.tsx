import type { ComponentChildren } from 'preact';
import type { Profile } from '../api/wire.js';
import { t } from '../texts/index.js';
import { LinkedText } from './linked-text.js';

/** What a startup or an investor tells of itself. */
export function BusinessFacts({ profile: { startup, investor } }: { profile: Profile }) {
  const facts: [string, ComponentChildren][] = [];
  const add = (label: string, value: string | null | undefined) => {
    if (value) facts.push([label, value]);
  };
  const link = (url: string | null) => {
    if (url) facts.push([t.business.website, <LinkedText text={url} />]);
  };
  if (startup) {
    add(t.business.companyName, startup.companyName);
    add(t.business.industry, startup.industry);
    add(t.business.stage, startup.stage && stageName(startup.stage));
    add(t.business.pitch, startup.pitch);
    link(startup.website);
  }
  if (investor) {
    add(t.business.organization, investor.organization);
    add(t.business.interests, investor.interests.join(', '));
    add(t.business.ticket, t.business.ticketRange(investor.ticketMin, investor.ticketMax));
    link(investor.website);
  }
  if (facts.length === 0) return null;
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function stageName(stage: string): string {
  return (t.business.stages as Record<string, string | undefined>)[stage] ?? stage;
}
