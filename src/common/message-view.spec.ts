import { describe, expect, it } from '@jest/globals';
import { message as messageShape, type Message } from '../contracts/index.js';
import { messageJson, toMessage } from './message-view.js';

const row = {
  id: '01900000-0000-7000-8000-000000000002',
  room_id: '01900000-0000-7000-8000-000000000001',
  seq: '7',
  position: '9',
  created_position: '7',
  kind: 'text' as const,
  author_id: '01900000-0000-7000-8000-000000000003',
  content: 'say "hi"\n\u2028 \\ \u{1f600} </script>',
  client_id: 'a "quoted" \\ id',
  reply_to: '01900000-0000-7000-8000-000000000004',
  attachments: null,
  reactions: [{ emoji: '👍', count: 2 }],
  created_at: new Date('2026-01-02T03:04:05.006Z'),
  edited_at: new Date('2026-01-02T03:04:06.006Z'),
  deleted_at: new Date('2026-01-02T03:04:07.006Z'),
};
const author = { id: row.author_id, username: 'anna', displayName: 'Anna "A" \\ Ä', avatarUrl: null };

describe('the JSON of a message', () => {
  const attachments = [
    { id: row.id, kind: 'image' as const, name: '"a".png', mime: 'image/png', bytes: 3, width: 1, height: null, sizes: { full: '/x' } },
  ];
  const full: Message = { ...toMessage(row, author), attachments };
  const bare = toMessage({ ...row, client_id: null, reply_to: null, reactions: [], edited_at: null, deleted_at: null }, null);

  it('says what the message says, with each of its fields and without', () => {
    expect(JSON.parse(messageJson(full))).toEqual(full);
    expect(JSON.parse(messageJson(bare))).toEqual(bare);
    expect(messageJson(bare)).toBe(JSON.stringify(bare));
  });

  it('knows every field of the contract', () => {
    const ofOneReader = ['mine'];
    const fields = Object.keys(messageShape.shape).filter((field) => !ofOneReader.includes(field));
    expect(Object.keys(JSON.parse(messageJson(full)) as object).sort()).toEqual(fields.sort());
  });
});
