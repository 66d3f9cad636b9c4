/**
 * Where people write what they like, or words are kept that stand in what they wrote: a name there may be what others say of somebody. A column
 * that is not in this list is never excused, so a new table is looked at in full.
 */
const spoken: ReadonlySet<string> = new Set([
  'announcements.message',
  'comments.content',
  'document_words.words',
  'message_edits.content',
  'message_words.words',
  'messages.content',
  'posts.content',
  'posts.title',
  'reports.content',
  'reports.note',
  'reports.reason',
  'rooms.title',
  'sanctions.reason',
  'search_words.trigrams',
  'search_words.word',
  'tags.name',
  'tags.name_key',
  'users.about',
  'users.first_name',
  'users.last_name',
]);

/** Whether a hit in `table.column` is what others say. */
export function describesOthers(place: string): boolean {
  return spoken.has(place);
}
