import type { VNode } from 'preact';
import type { Profile } from '../api/wire.js';
import { t } from '../texts/index.js';
import { Avatar } from './avatar.js';
import { BusinessFacts } from './business-facts.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { LinkedText } from './linked-text.js';
import { PersonActions } from './person-actions.js';

/** Who somebody is, and what one can do about that. */
export function PersonHead({ profile, heading }: { profile: Profile; heading: VNode }) {
  const { id, username, displayName, avatarUrl, about, birthDate, signatureUrl, accountType, memberSince, online, relation, counters } =
    profile;
  const facts = [
    accountType !== 'member' ? t.people.types[accountType] : null,
    t.people.since(t.time.date(memberSince)),
    birthDate !== null ? t.people.born(t.time.date(birthDate)) : null,
  ].filter((fact) => fact !== null);
  return (
    <section class="person-head" aria-label={t.people.about}>
      <span class={`avatar-place${online ? ' online-now' : ''}`}>
        <Avatar name={displayName || username} id={id} url={avatarUrl} size="large" />
      </span>
      <div class="person-names">
        {heading}
        <p>
          @{username}
          {online && <span class="tag">{t.friends.online}</span>}
        </p>
      </div>
      <div class="row-actions person-actions">
        {relation === 'self' ? (
          <>
            <Link to="/posts/new" class="button primary small">
              <Icon name="plus" />
              {t.posts.write}
            </Link>
            <Link to="/settings" class="button quiet small">
              <Icon name="gear" />
              {t.nav.settings}
            </Link>
          </>
        ) : (
          <PersonActions profile={profile} />
        )}
      </div>
      {about && (
        <p class="post-text person-about" dir="auto">
          <LinkedText text={about} />
        </p>
      )}
      <p class="person-facts">{facts.join(' · ')}</p>
      <BusinessFacts profile={profile} />
      {signatureUrl && <img class="signature" src={signatureUrl} alt={t.people.signatureOf(displayName || username)} />}
      {relation !== 'blocked' && (
        <dl class="counters">
          {(['friends', 'posts', 'albums'] as const).map((key) => (
            <div key={key}>
              <dt>{t.people.counters[key]}</dt>
              <dd>{t.posts.number(counters[key])}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
