/** One JSON file of the archive: rows of one person, as the database gives them. */
export interface ExportSection {
  /** Without `.json`. */
  name: string;
  /** The tables that the rows come from, so that a test finds a table that was forgotten. */
  tables: readonly string[];
  /** SQL: what a row shows, as pairs of a name and a value for `json_build_object`. */
  fields: string;
  from: string;
  /** `$1` is the person. */
  where: string;
  /** SQL that orders the rows; unique for a person, and never null. */
  key: string;
  keyType: 'uuid' | 'text' | 'bigint';
}

/** The columns of a table under an alias, as `fields`. */
function plain(alias: string, ...columns: string[]): string {
  return columns.map((column) => `'${camel(column)}', ${alias}.${column}`).join(', ');
}

function camel(column: string): string {
  return column.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

const other = (column: string) => `json_build_object('id', ${column}, 'username', (SELECT username FROM users WHERE id = ${column}))`;
const room = (column: string) => `json_build_object('id', ${column}, 'title', (SELECT title FROM rooms WHERE id = ${column}))`;

/**
 * What is kept of a person and belongs to them, but for messages and the bytes of files. What others wrote or did is theirs: of a friend the
 * archive says who it is, of a conversation what one wrote oneself. Hashes of passwords and codes are no use to anybody and stay here.
 */
export const exportSections: readonly ExportSection[] = [
  {
    name: 'account',
    tables: ['users'],
    fields: plain(
      'u',
      ...['id', 'email', 'username', 'role', 'account_type', 'status', 'first_name', 'last_name', 'locale', 'about', 'birth_date'],
      ...['birth_date_visible', 'time_zone', 'signature', 'username_changed_at', 'created_at', 'activated_at', 'muted_until'],
    ),
    from: 'users u',
    where: 'u.id = $1',
    key: 'u.id',
    keyType: 'uuid',
  },
  {
    name: 'startup-profile',
    tables: ['startup_profiles'],
    fields: plain('p', 'company_name', 'industry', 'stage', 'website', 'pitch'),
    from: 'startup_profiles p',
    where: 'p.user_id = $1',
    key: 'p.user_id',
    keyType: 'uuid',
  },
  {
    name: 'investor-profile',
    tables: ['investor_profiles'],
    fields: plain('p', 'organization', 'interests', 'ticket_min', 'ticket_max', 'website'),
    from: 'investor_profiles p',
    where: 'p.user_id = $1',
    key: 'p.user_id',
    keyType: 'uuid',
  },
  {
    name: 'former-usernames',
    tables: ['username_reservations'],
    fields: plain('r', 'username_key', 'reserved_until'),
    from: 'username_reservations r',
    where: 'r.user_id = $1',
    key: 'r.username_key',
    keyType: 'text',
  },
  {
    name: 'devices',
    tables: ['sessions'],
    fields: plain('s', 'id', 'user_agent', 'ip', 'created_at', 'last_used_at', 'expires_at'),
    from: 'sessions s',
    where: 's.user_id = $1',
    key: 's.id',
    keyType: 'uuid',
  },
  {
    name: 'friends',
    tables: ['friendships'],
    fields: `'friend', ${other('f.friend_id')}, 'since', f.since`,
    from: 'friendships f',
    where: 'f.user_id = $1',
    key: 'f.friend_id',
    keyType: 'uuid',
  },
  {
    name: 'friend-requests',
    tables: ['friend_requests'],
    fields: `'from', ${other('f.from_id')}, 'to', ${other('f.to_id')}, 'createdAt', f.created_at`,
    from: 'friend_requests f',
    where: '(f.from_id = $1 OR f.to_id = $1)',
    key: 'f.id',
    keyType: 'uuid',
  },
  {
    name: 'hidden-suggestions',
    tables: ['suggestion_hides'],
    fields: `'person', ${other('h.hidden_id')}, 'createdAt', h.created_at`,
    from: 'suggestion_hides h',
    where: 'h.user_id = $1',
    key: 'h.hidden_id',
    keyType: 'uuid',
  },
  {
    name: 'blocked-people',
    tables: ['blocks'],
    fields: `'person', ${other('b.blocked_id')}, 'createdAt', b.created_at`,
    from: 'blocks b',
    where: 'b.blocker_id = $1',
    key: 'b.blocked_id',
    keyType: 'uuid',
  },
  {
    name: 'rooms',
    tables: ['room_members', 'notification_levels'],
    fields: `'room', ${room('m.room_id')}, 'role', m.role, 'readSeq', m.read_seq, 'joinedAt', m.joined_at,
      'notifications', (SELECT level FROM notification_levels l WHERE l.user_id = m.user_id AND l.room_id = m.room_id)`,
    from: 'room_members m',
    where: 'm.user_id = $1',
    key: 'm.room_id',
    keyType: 'uuid',
  },
  {
    name: 'room-bans',
    tables: ['room_bans'],
    fields: `'room', ${room('b.room_id')}, 'createdAt', b.created_at`,
    from: 'room_bans b',
    where: 'b.user_id = $1',
    key: 'b.room_id',
    keyType: 'uuid',
  },
  {
    name: 'room-invitations',
    tables: ['room_invitations'],
    fields: `'room', ${room('i.room_id')}, ${plain('i', 'created_at', 'expires_at', 'max_uses', 'uses')}`,
    from: 'room_invitations i',
    where: 'i.created_by = $1',
    key: 'i.id',
    keyType: 'uuid',
  },
  {
    name: 'message-reactions',
    tables: ['reactions'],
    fields: plain('r', 'message_id', 'emoji', 'created_at'),
    from: 'reactions r',
    where: 'r.user_id = $1',
    key: `(r.message_id::text || ' ' || r.emoji)`,
    keyType: 'text',
  },
  {
    name: 'posts',
    tables: ['posts', 'post_links', 'post_tags'],
    fields: `${plain('p', 'id', 'title', 'content', 'link', 'like_count', 'comment_count', 'view_count', 'created_at', 'edited_at')},
      'links', ARRAY(SELECT url FROM post_links l WHERE l.post_id = p.id ORDER BY place),
      'tags', ARRAY(SELECT t.name FROM post_tags x JOIN tags t ON t.id = x.tag_id WHERE x.post_id = p.id ORDER BY x.place),
      'images', (SELECT json_agg(i ->> 'id') FROM jsonb_array_elements(p.images) i)`,
    from: 'posts p',
    where: 'p.author_id = $1',
    key: 'p.id',
    keyType: 'uuid',
  },
  {
    name: 'comments',
    tables: ['comments'],
    fields: plain('c', 'id', 'post_id', 'parent_id', 'content', 'created_at', 'edited_at', 'deleted_at'),
    from: 'comments c',
    where: 'c.author_id = $1',
    key: 'c.id',
    keyType: 'uuid',
  },
  ...(['post', 'comment'] as const).flatMap((subject): ExportSection[] => [
    {
      name: `${subject}-likes`,
      tables: [`${subject}_likes`],
      fields: plain('l', `${subject}_id`, 'created_at'),
      from: `${subject}_likes l`,
      where: 'l.user_id = $1',
      key: `l.${subject}_id`,
      keyType: 'uuid',
    },
    {
      name: `${subject}-reactions`,
      tables: [`${subject}_reactions`],
      fields: plain('r', `${subject}_id`, 'emoji', 'created_at'),
      from: `${subject}_reactions r`,
      where: 'r.user_id = $1',
      key: `(r.${subject}_id::text || ' ' || r.emoji)`,
      keyType: 'text',
    },
  ]),
  {
    name: 'post-views',
    tables: ['post_views'],
    fields: plain('v', 'post_id', 'day'),
    from: 'post_views v',
    where: 'v.user_id = $1',
    key: `(v.post_id::text || ' ' || v.day::text)`,
    keyType: 'text',
  },
  {
    name: 'albums',
    tables: ['albums'],
    fields: `${plain('a', 'id', 'name', 'theme', 'year', 'visibility', 'created_at')},
      'photos', ARRAY(SELECT p.image ->> 'id' FROM photos p WHERE p.album_id = a.id ORDER BY p.id)`,
    from: 'albums a',
    where: 'a.owner_id = $1',
    key: 'a.id',
    keyType: 'uuid',
  },
  {
    name: 'photos',
    tables: ['photos'],
    fields: `${plain('p', 'id', 'album_id', 'created_at')}, 'file', p.image ->> 'id'`,
    from: 'photos p',
    where: 'p.owner_id = $1',
    key: 'p.id',
    keyType: 'uuid',
  },
  {
    name: 'avatars',
    tables: ['avatars', 'signatures'],
    fields: `${plain('a', 'id', 'active', 'created_at')}, 'file', a.image ->> 'id'`,
    from: 'avatars a',
    where: 'a.user_id = $1',
    key: 'a.id',
    keyType: 'uuid',
  },
  {
    name: 'files',
    tables: ['files', 'file_usage'],
    fields: `${plain('f', 'id', 'kind', 'name', 'mime', 'bytes', 'width', 'height', 'attached_kind', 'created_at')}`,
    from: 'files f',
    where: `f.owner_id = $1 AND f.state = 'ready'`,
    key: 'f.id',
    keyType: 'uuid',
  },
  {
    name: 'notifications',
    tables: ['notifications'],
    fields: `${plain('n', 'id', 'kind', 'count', 'created_at', 'updated_at', 'read_at')}, 'people', n.actors, 'about', n.data`,
    from: 'notifications n',
    where: 'n.user_id = $1',
    key: 'n.id',
    keyType: 'uuid',
  },
  {
    name: 'notification-settings',
    tables: ['notification_preferences', 'notification_reach'],
    fields: `${plain('p', 'mail', 'kinds', 'quiet_hours')}, 'lastSeenAt', (SELECT seen_at FROM notification_reach r WHERE r.user_id = p.user_id)`,
    from: 'notification_preferences p',
    where: 'p.user_id = $1',
    key: 'p.user_id',
    keyType: 'uuid',
  },
  {
    name: 'reports',
    tables: ['reports'],
    fields: plain('r', 'id', 'kind', 'subject_id', 'reason', 'status', 'created_at', 'decided_at'),
    from: 'reports r',
    where: 'r.reporter_id = $1',
    key: 'r.id',
    keyType: 'uuid',
  },
  {
    name: 'sanctions',
    tables: ['sanctions'],
    fields: plain('s', 'id', 'kind', 'reason', 'created_at', 'ends_at', 'lifted_at'),
    from: 'sanctions s',
    where: 's.user_id = $1',
    key: 's.id',
    keyType: 'uuid',
  },
  {
    name: 'announcements',
    tables: ['announcements'],
    fields: plain('a', 'id', 'message', 'created_at'),
    from: 'announcements a',
    where: 'a.author_id = $1',
    key: 'a.id',
    keyType: 'uuid',
  },
  {
    name: 'site-invitations',
    tables: ['site_invitations'],
    fields: plain('i', 'id', 'max_uses', 'uses', 'expires_at', 'created_at'),
    from: 'site_invitations i',
    where: 'i.by_id = $1',
    key: 'i.id',
    keyType: 'uuid',
  },
  {
    name: 'acts-of-moderation',
    tables: ['audit_log'],
    fields: plain('a', 'id', 'action', 'subject_kind', 'at'),
    from: 'audit_log a',
    where: 'a.actor_id = $1',
    key: 'a.id',
    keyType: 'uuid',
  },
];
