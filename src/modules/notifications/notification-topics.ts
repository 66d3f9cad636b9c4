import type { NotificationKind, NotificationPreferences, NotificationPreferencesChange, NotificationTopic } from '../../contracts/index.js';

type Kinds = NotificationPreferences['kinds'];

/** Kinds that people choose together with others. */
const grouped: Partial<Record<NotificationKind, NotificationTopic>> = {
  'comment.liked': 'post.liked',
  'comment.answered': 'post.commented',
  'moderation.warned': 'security',
  'moderation.muted': 'security',
  'export.ready': 'security',
};

/** What people choose by: all security notices are one topic, with what moderators say. */
export function topicOf(kind: NotificationKind): NotificationTopic {
  return kind.startsWith('security.') ? 'security' : (grouped[kind] ?? (kind as NotificationTopic));
}

/** Security notices have mails of their own, which leave at once. */
const usual: Kinds = {
  'friend.requested': { inApp: true, mail: true },
  'friend.accepted': { inApp: true, mail: true },
  'message.mention': { inApp: true, mail: true },
  'message.reply': { inApp: true, mail: true },
  'message.posted': { inApp: true, mail: true },
  'room.added': { inApp: true, mail: true },
  'post.liked': { inApp: true, mail: false },
  'post.commented': { inApp: true, mail: true },
  'post.mentioned': { inApp: true, mail: true },
  announcement: { inApp: true, mail: true },
  security: { inApp: true, mail: false },
};

type Changes = NonNullable<NotificationPreferencesChange['kinds']>;

/** What holds for a person who changed this much of the usual. */
export function kindsWith(changes: Changes): Kinds {
  const kinds = structuredClone(usual);
  for (const topic of Object.keys(usual) as NotificationTopic[]) Object.assign(kinds[topic], withoutUndefined(changes[topic] ?? {}));
  return kinds;
}

/** Changes upon changes. */
export function mergedChanges(before: Changes, now: Changes): Changes {
  const merged: Changes = { ...before };
  for (const topic of Object.keys(now) as NotificationTopic[])
    Object.assign(merged, { [topic]: { ...before[topic], ...withoutUndefined(now[topic] ?? {}) } });
  return merged;
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
