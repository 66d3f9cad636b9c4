import { describe, expect, it } from '@jest/globals';
import type { JoinedRoom, Message, Room } from '../api/wire.js';
import { initialChat, reduceChat, type ChatAction, type ChatState } from './chat.js';
import { sortedRooms, totalUnread } from './directory.js';
import { timeline } from './timeline.js';

const ann = { id: 'ann', username: 'ann' };
const bo = { id: 'bo', username: 'bo' };

function message(room: string, seq: number, createdAt = `2026-11-21T10:00:${String(seq).padStart(2, '0')}.000Z`): Message {
  return {
    id: `${room}-${seq}`,
    room,
    seq,
    position: seq,
    kind: 'text',
    author: { ...ann, displayName: 'Ann', avatarUrl: null },
    content: `${seq}`,
    attachments: [],
    reactions: [],
    createdAt,
  };
}

function room(id: string, over: Partial<Room> = {}): Room {
  return {
    id,
    name: id,
    title: '',
    kind: 'public',
    access: 'everyone',
    posting: 'everyone',
    guestsAllowed: false,
    archived: false,
    avatarUrl: null,
    memberCount: 2,
    onlineCount: 0,
    unreadCount: 0,
    mentionCount: 0,
    lastMessage: null,
    position: 0,
    epoch: 'e',
    myRole: 'member',
    ...over,
  };
}

function joined(id: string, messages: Message[], over: Partial<Room> = {}): JoinedRoom {
  return {
    room: room(id, { lastMessage: messages.at(-1) ?? null, ...over }),
    online: [ann],
    onlineCount: 1,
    position: messages.length,
    epoch: 'e',
    gap: false,
    messages,
  };
}

const play = (actions: ChatAction[], from: ChatState = initialChat) => actions.reduce(reduceChat, from);

describe('the chat', () => {
  it('shows a room after it was entered, with the line of the first unread message', () => {
    const state = play([
      { type: 'reset', myId: 'bo' },
      { type: 'room-opened', reference: 'lobby', id: null },
      {
        type: 'room-joined',
        reference: 'lobby',
        joined: joined(
          'lobby',
          [1, 2, 3, 4].map((seq) => message('lobby', seq)),
          { unreadCount: 2 },
        ),
      },
    ]);
    expect(state.open).toMatchObject({ id: 'lobby', state: 'entered', unreadFrom: 3 });
    const kinds = timeline(state.logs.lobby!, state.open!.unreadFrom).map((entry) => entry.kind);
    expect(kinds).toEqual(['day', 'message', 'message', 'unread', 'message', 'message']);
  });

  it('ignores an answer for a room that was left meanwhile', () => {
    const state = play([
      { type: 'room-opened', reference: 'a', id: null },
      { type: 'room-opened', reference: 'b', id: null },
      { type: 'room-refused', reference: 'a', fault: { code: 'room.banned', message: '' } },
    ]);
    expect(state.open).toMatchObject({ reference: 'b', state: 'entering' });
  });

  it('moves a room up when something is said in it, without counting unread messages by itself', () => {
    const state = play([
      { type: 'rooms-listed', rooms: [room('a', { lastMessage: message('a', 1) }), room('b', { lastMessage: message('b', 2) })] },
      { type: 'changed', room: 'a', position: 5, message: message('a', 5) },
    ]);
    expect(sortedRooms(state.directory).map((one) => one.id)).toEqual(['a', 'b']);
    expect(totalUnread(state.directory)).toBe(0);
    expect(totalUnread(reduceChat(state, { type: 'unread', id: 'a', unread: 3, mentions: 0 }).directory)).toBe(3);
  });

  it('does not lose a live last message to a list that was read before it', () => {
    const state = play([
      { type: 'rooms-listed', rooms: [room('a', { lastMessage: message('a', 1) })] },
      { type: 'changed', room: 'a', position: 2, message: message('a', 2) },
      { type: 'rooms-listed', rooms: [room('a', { lastMessage: message('a', 1) })] },
    ]);
    expect(state.directory.byId.a?.lastMessage?.seq).toBe(2);
  });

  it('counts people once, and tells of others only', () => {
    const state = play([
      { type: 'reset', myId: 'ann' },
      { type: 'room-opened', reference: 'lobby', id: null },
      { type: 'room-joined', reference: 'lobby', joined: joined('lobby', [message('lobby', 1)]) },
      { type: 'joined-by', room: 'lobby', user: ann, key: 1, at: '' },
      { type: 'joined-by', room: 'lobby', user: bo, key: 2, at: '' },
      { type: 'joined-by', room: 'lobby', user: bo, key: 3, at: '' },
    ]);
    expect(state.attendance.lobby).toEqual({ people: [ann, bo], count: 2 });
    expect(state.directory.byId.lobby?.onlineCount).toBe(2);
    expect(state.logs.lobby?.notices).toHaveLength(1);
    expect(reduceChat(state, { type: 'left-by', room: 'lobby', user: bo, key: 4, at: '' }).attendance.lobby?.count).toBe(1);
  });

  it('forgets a room that one was removed from, and says why', () => {
    const state = play([
      { type: 'room-opened', reference: 'lobby', id: null },
      { type: 'room-joined', reference: 'lobby', joined: joined('lobby', [message('lobby', 1)]) },
      { type: 'room-removed', id: 'lobby', reason: 'kicked' },
    ]);
    expect(state.open).toMatchObject({ state: 'removed', reason: 'kicked' });
    expect(state.logs.lobby).toBeUndefined();
    expect(state.directory.byId.lobby).toBeUndefined();
  });

  it('puts a private message into its own room, not into the one it was written in', () => {
    const state = play([
      { type: 'reset', myId: 'bo' },
      { type: 'room-opened', reference: 'lobby', id: null },
      { type: 'room-joined', reference: 'lobby', joined: joined('lobby', [message('lobby', 1)]) },
      { type: 'sending', id: 'lobby', pending: { clientId: 'c', content: 'psst', at: '', state: 'sending', to: 'ann' } },
      { type: 'sent', id: 'lobby', clientId: 'c', message: message('direct', 1) },
    ]);
    expect(state.logs.lobby?.pending).toEqual([]);
    expect(state.logs.lobby?.items).toHaveLength(1);
  });

  it('groups by author and day', () => {
    const late = [
      message('r', 1, '2026-11-20T10:00:00.000Z'),
      message('r', 2, '2026-11-21T10:00:00.000Z'),
      message('r', 3, '2026-11-21T10:01:00.000Z'),
      message('r', 4, '2026-11-21T10:20:00.000Z'),
    ];
    const state = play([
      { type: 'room-opened', reference: 'r', id: null },
      { type: 'room-joined', reference: 'r', joined: joined('r', late) },
    ]);
    const entries = timeline(state.logs.r!, null).map((entry) => (entry.kind === 'message' ? entry.leads : entry.kind));
    expect(entries).toEqual(['day', true, 'day', true, false, true]);
  });

  it('knows who is typing: others alone, each once, until they said it or left', () => {
    const entered = play([
      { type: 'reset', myId: 'bo' },
      { type: 'room-opened', reference: 'lobby', id: null },
      { type: 'room-joined', reference: 'lobby', joined: joined('lobby', [message('lobby', 1)]) },
      { type: 'typing', room: 'lobby', user: bo, typing: true },
      { type: 'typing', room: 'lobby', user: ann, typing: true },
      { type: 'typing', room: 'lobby', user: ann, typing: true },
    ]);
    expect(entered.typing.lobby).toEqual([ann]);
    const said = reduceChat(entered, { type: 'changed', room: 'lobby', position: 2, message: message('lobby', 2) });
    expect(said.typing.lobby).toEqual([]);
    expect(reduceChat(entered, { type: 'left-by', room: 'lobby', user: ann, key: 1, at: '' }).typing.lobby).toEqual([]);
    expect(reduceChat(entered, { type: 'typing', room: 'lobby', user: ann, typing: false }).typing.lobby).toEqual([]);
  });

  it('edits one message at a time, and forgets it with the room', () => {
    const editing = play([
      { type: 'room-opened', reference: 'lobby', id: null },
      { type: 'room-joined', reference: 'lobby', joined: joined('lobby', [message('lobby', 1)]) },
      { type: 'edit-begun', id: 'lobby-1' },
    ]);
    expect(editing.open?.editing).toBe('lobby-1');
    expect(reduceChat(editing, { type: 'edit-ended' }).open?.editing).toBeNull();
    expect(reduceChat(editing, { type: 'room-opened', reference: 'other', id: null }).open?.editing).toBeNull();
  });
});
