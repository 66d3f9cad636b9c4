import { describe, expect, it } from '@jest/globals';
import { initialChat, reduceChat } from './chat.js';
import { applyChange, applyJoined, emptyLog, lastSeq } from './room-log.js';
import { timeline } from './timeline.js';
import { shown } from '../api/shown.js';
import type { JoinedRoom, Room } from '../api/wire.js';

let made = 0;
/** A UUIDv7 of this moment. */
function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(++made).padStart(12, '0')}`;
}

const room = newId();
const hidden = (seq: number) => ({ id: newId(), seq, position: seq, hidden: true as const });
const message = (seq: number) => ({
  id: newId(),
  room,
  seq,
  position: seq,
  kind: 'text' as const,
  author: { id: newId(), username: 'bob', displayName: 'Bob', avatarUrl: null },
  content: `m${seq}`,
  attachments: [],
  reactions: [],
  createdAt: new Date().toISOString(),
});

describe('messages of people whom the reader blocks', () => {
  it('keep their place and are not shown', () => {
    const joined = {
      messages: [message(1), hidden(2), message(3)],
      position: 3,
      epoch: 'e',
      gap: false,
      room: { id: room, lastMessage: hidden(3) },
    };
    const answer = shown(joined);
    expect(answer.messages[1]).toMatchObject({ room, seq: 2, hidden: true, author: null, content: '' });
    expect(Math.abs(Date.now() - Date.parse(answer.messages[1]!.createdAt))).toBeLessThan(60_000);
    expect(answer.room.lastMessage).toMatchObject({ room, hidden: true });
    let log = applyJoined(emptyLog, answer as unknown as JoinedRoom, 'me');
    const event = shown({ room, position: 4, message: hidden(4) });
    log = applyChange(log, event.message, event.position, 'me');
    expect([lastSeq(log), log.position]).toEqual([4, 4]);
    expect(timeline(log, null).flatMap((entry) => (entry.kind === 'message' ? entry.message.content : []))).toEqual(['m1', 'm3']);
  });

  it('go at once when their author is blocked, with their places in lists, and are read anew after that', () => {
    const said = message(1);
    const bob = said.author;
    const asked = message(2);
    const mine = { ...asked, author: { ...asked.author, id: 'me' } };
    const state = {
      ...initialChat,
      myId: 'me',
      logs: { [room]: { ...emptyLog, items: [said, mine], headSeq: 2, position: 2, epoch: 'e' } },
      attendance: { [room]: { people: [bob], count: 1 } },
      typing: { [room]: [bob] },
      directory: { loaded: true, byId: { [room]: { id: room, lastMessage: said } as unknown as Room } },
    };
    const without = reduceChat(state, { type: 'person-hidden', userId: bob.id });
    expect(timeline(without.logs[room]!, null).flatMap((entry) => (entry.kind === 'message' ? entry.message.content : []))).toEqual(['m2']);
    expect(without.attendance[room]).toEqual({ people: [], count: 0 });
    expect(without.typing[room]).toEqual([]);
    expect(without.directory.byId[room]!.lastMessage).toMatchObject({ hidden: true, author: null, content: '' });
    const again = reduceChat(without, { type: 'hidden-shown' });
    expect(again.logs[room]).toMatchObject({ items: [], epoch: null, position: 0 });
    expect(again.directory.byId[room]!.lastMessage).toBeNull();
  });

  it('leave everything else as it came', () => {
    const value = { items: [message(1)], nextBefore: null, nested: { list: [1, 'two', null, true] } };
    expect(shown(value)).toEqual(value);
  });
});
