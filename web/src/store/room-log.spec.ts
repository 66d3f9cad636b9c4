import { describe, expect, it } from '@jest/globals';
import type { JoinedRoom, Message } from '../api/wire.js';
import { addNotice } from './notices.js';
import { addPending, failPending, retryPending } from './outgoing.js';
import {
  applyChange,
  applyJoined,
  applyNewerPage,
  applyOlderPage,
  applyWindow,
  emptyLog,
  hasHole,
  type HistoryPage,
  holds,
  type RoomLog,
  trimStart,
} from './room-log.js';

const me = 'user-me';
const room = 'room-1';

function message(seq: number, position = seq, over: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    room,
    seq,
    position,
    kind: 'text',
    author: { id: 'user-ann', username: 'ann', displayName: 'Ann', avatarUrl: null },
    content: `text ${seq}`,
    attachments: [],
    reactions: [],
    createdAt: '2026-11-21T10:00:00.000Z',
    ...over,
  };
}

function mine(seq: number, clientId: string): Message {
  return message(seq, seq, { clientId, author: { id: me, username: 'me', displayName: 'Me', avatarUrl: null } });
}

function joined(over: Partial<JoinedRoom>): JoinedRoom {
  return { room: {} as JoinedRoom['room'], online: [], onlineCount: 0, position: 0, epoch: 'e1', gap: false, ...over };
}

function range(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
}

const seqs = (log: RoomLog) => log.items.map((item) => item.seq);
const entered = (from: number, to: number, position = to) => applyJoined(emptyLog, joined({ messages: range(from, to), position }), me);

describe('the log of a room', () => {
  it('orders by seq, in whatever order events come', () => {
    let log = entered(1, 2);
    for (const seq of [5, 3, 4]) log = applyChange(log, message(seq), seq, me);
    expect(seqs(log)).toEqual([1, 2, 3, 4, 5]);
    expect(log.position).toBe(5);
  });

  it('takes a message once, however often it comes', () => {
    let log = entered(1, 2);
    log = applyChange(log, message(3), 3, me);
    const again = applyChange(log, message(3), 3, me);
    expect(again).toBe(log);
  });

  it('keeps the newer state of a message when an older one comes late', () => {
    let log = entered(1, 2);
    log = applyChange(log, message(2, 4, { content: 'edited', editedAt: '2026-11-21T10:01:00.000Z' }), 4, me);
    log = applyChange(log, message(2, 3, { content: 'older' }), 3, me);
    expect(log.items[1]?.content).toBe('edited');
    expect(log.position).toBe(4);
  });

  it('does not move the cursor over a hole, so that a reconnect asks for what is missing', () => {
    let log = entered(1, 2);
    log = applyChange(log, message(4), 4, me);
    expect(log.position).toBe(2);
    expect(hasHole(log)).toBe(true);
    log = applyJoined(log, joined({ changes: [message(3), message(4)], position: 4 }), me);
    expect(seqs(log)).toEqual([1, 2, 3, 4]);
    expect(log.position).toBe(4);
    expect(hasHole(log)).toBe(false);
  });

  it('takes the cursor of the answer, not of its last item: positions in between may be overtaken', () => {
    let log = entered(1, 3);
    log = applyJoined(log, joined({ changes: [message(2, 7)], position: 9 }), me);
    expect(log.position).toBe(9);
  });

  it('drops what it held after a gap and takes the page', () => {
    let log = entered(1, 10);
    log = addPending(log, { clientId: 'c1', content: 'mine', at: '', state: 'sending' });
    log = applyJoined(log, joined({ gap: true, messages: range(701, 710), position: 900, epoch: 'e2' }), me);
    expect(seqs(log)).toEqual(range(701, 710).map((item) => item.seq));
    expect(log).toMatchObject({ position: 900, epoch: 'e2', nextBefore: 701 });
    expect(log.pending).toHaveLength(1);
  });

  it('keeps a live message that overtook the first page', () => {
    let log = applyChange(emptyLog, message(11), 11, me);
    log = applyJoined(log, joined({ messages: range(1, 10), position: 10 }), me);
    expect(seqs(log)).toHaveLength(11);
    expect(log.position).toBe(11);
  });

  it('puts older pages in front without doubles, and knows the beginning', () => {
    let log = entered(41, 50);
    log = applyOlderPage(log, 41, { items: range(1, 40), nextBefore: null, nextAfter: null, position: 50, epoch: 'e1' }, me);
    expect(seqs(log)).toEqual(range(1, 50).map((item) => item.seq));
    expect(log.nextBefore).toBeNull();
  });

  it('ignores an older page that was asked for before a gap', () => {
    const log = entered(41, 50);
    expect(applyOlderPage(log, 31, { items: range(21, 30), nextBefore: 21, nextAfter: null, position: 50, epoch: 'e1' }, me)).toBe(log);
    expect(applyOlderPage(log, 41, { items: range(31, 40), nextBefore: 31, nextAfter: null, position: 50, epoch: 'e0' }, me)).toBe(log);
  });

  it('does not tear a hole into the window when an old message changes, and shows the change when its page comes', () => {
    let log = entered(41, 50);
    log = applyChange(log, message(12, 51, { content: 'edited' }), 51, me);
    expect(seqs(log)[0]).toBe(41);
    expect(log.position).toBe(51);
    // The page was read before the edit.
    log = applyOlderPage(log, 41, { items: range(1, 40), nextBefore: null, nextAfter: null, position: 50, epoch: 'e1' }, me);
    expect(log.items[11]?.content).toBe('edited');
    expect(log.aside).toEqual([]);
  });
});

describe('a window somewhere in a long history', () => {
  /** The server's side: a room of so many messages. */
  function history(count: number) {
    const messages = range(1, count);
    let position = count;
    return {
      messages,
      page(query: { before?: number; after?: number }, limit = 50): HistoryPage {
        const { before, after } = query;
        const inside = messages.filter((item) => (after === undefined ? item.seq < (before ?? Infinity) : item.seq > after));
        const items = after === undefined ? inside.slice(-limit) : inside.slice(0, limit);
        const more = inside.length > limit;
        const first = items[0]?.seq ?? null;
        const last = items.at(-1)?.seq ?? null;
        return {
          items,
          nextBefore: after === undefined ? (more ? first : null) : first !== null && first > 1 ? first : null,
          nextAfter: after === undefined ? (before === undefined ? null : last) : more ? last : null,
          position,
          epoch: 'e1',
        };
      },
      say(): Message {
        const said = message(messages.length + 1, ++position);
        messages.push(said);
        return said;
      },
      edit(seq: number): Message {
        const edited = { ...messages[seq - 1]!, position: ++position, content: `edited at ${position}` };
        messages[seq - 1] = edited;
        return edited;
      },
    };
  }

  it('is moved to an old message, read on to both sides, and comes back to the end; it never grows too wide nor gets a hole', () => {
    const server = history(5_000);
    let log = applyWindow(emptyLog, server.page({}), me);
    expect(log).toMatchObject({ nextAfter: null, headSeq: 5_000 });
    log = applyWindow(log, server.page({ before: 2_501 }), me);
    expect([seqs(log)[0], seqs(log).at(-1), log.nextAfter]).toEqual([2_451, 2_500, 2_500]);
    for (let step = 0; step < 30; step++) log = applyOlderPage(log, log.nextBefore!, server.page({ before: log.nextBefore! }), me);
    expect(log.items.length).toBeLessThanOrEqual(400);
    expect(log.nextAfter).toBe(seqs(log).at(-1));
    while (log.nextAfter !== null) log = applyNewerPage(log, log.nextAfter, server.page({ after: log.nextAfter }), me);
    expect(log.items.length).toBeLessThanOrEqual(400);
    expect(log.items).toEqual(server.messages.slice(-log.items.length));
    expect(holds(log, 5_000)).toBe(true);
    expect(trimStart(log)).toBe(log);
  });

  it('shows what the server has, whatever is said and changed while pages are on their way', () => {
    // A small generator with a fixed seed: the same walk each time.
    let random = 7;
    const below = (n: number) => (random = (random * 48_271) % 2_147_483_647) % n;
    const server = history(1_000);
    let log = applyWindow(emptyLog, server.page({}), me);
    for (let step = 0; step < 600; step++) {
      const { nextBefore: before, nextAfter: after } = log;
      const goal = below(server.messages.length) + 1;
      const kind = below(5);
      const page =
        kind === 0 && before !== null
          ? server.page({ before })
          : kind === 1 && after !== null
            ? server.page({ after })
            : kind === 2
              ? server.page(below(3) === 0 ? {} : { before: goal })
              : null;
      // Live changes overtake the page that was read before them.
      for (let changes = below(4); changes > 0; changes--) {
        const changed = below(2) === 0 ? server.say() : server.edit(below(server.messages.length) + 1);
        log = applyChange(log, changed, changed.position, me);
      }
      if (page && kind === 0) log = applyOlderPage(log, before!, page, me);
      else if (page && kind === 1) log = applyNewerPage(log, after!, page, me);
      else if (page) log = applyWindow(log, page, me);
      const first = log.items[0]?.seq ?? 1;
      expect(seqs(log)).toEqual(log.items.map((_, index) => first + index));
      if (log.nextAfter === null) expect(seqs(log).at(-1)).toBe(server.messages.length);
    }
    // A newer state than the page's is kept where it was told; an older one never stays.
    for (const held of log.items) expect(server.messages[held.seq - 1]!.position).toBe(held.position);
    expect(hasHole(log)).toBe(false);
  });
});

describe('a message on its way', () => {
  const pending = { clientId: 'c1', content: 'hello', at: '2026-11-21T10:00:00.000Z', state: 'sending' as const };

  it('gives way to the stored one, whether the echo or the acknowledgement comes first', () => {
    let log = addPending(entered(1, 2), pending);
    log = applyChange(log, mine(3, 'c1'), 3, me);
    expect(log.pending).toEqual([]);
    expect(seqs(log)).toEqual([1, 2, 3]);
    expect(applyChange(log, mine(3, 'c1'), 3, me)).toBe(log);
  });

  it('gives way to what a reconnect brings, when the acknowledgement was lost', () => {
    let log = addPending(entered(1, 2), pending);
    log = applyJoined(log, joined({ changes: [mine(3, 'c1')], position: 3 }), me);
    expect(log.pending).toEqual([]);
  });

  it('is not settled by the same client id of somebody else', () => {
    const log = applyChange(addPending(entered(1, 2), pending), message(3, 3, { clientId: 'c1' }), 3, me);
    expect(log.pending).toHaveLength(1);
  });

  it('fails, and is tried again under the same id', () => {
    let log = addPending(addPending(entered(1, 2), pending), pending);
    expect(log.pending).toHaveLength(1);
    log = failPending(log, 'c1', { code: 'server.internal', message: '' });
    expect(log.pending[0]).toMatchObject({ state: 'failed', fault: { code: 'server.internal' } });
    log = retryPending(log, 'c1');
    expect(log.pending[0]).toEqual(pending);
  });
});

describe('comings and goings', () => {
  const ann = { userId: 'a', username: 'ann', at: '' };

  it('tells a short visit in one line, and a reconnect not at all', () => {
    let log = addNotice(entered(1, 2), { key: 1, change: 'joined', ...ann });
    log = addNotice(log, { key: 2, change: 'left', ...ann });
    expect(log.notices).toEqual([{ key: 1, change: 'passed-by', ...ann, afterSeq: 2 }]);
    log = applyChange(log, message(3), 3, me);
    log = addNotice(log, { key: 3, change: 'left', ...ann });
    log = addNotice(log, { key: 4, change: 'joined', ...ann });
    expect(log.notices).toHaveLength(1);
  });

  it('takes edits and deletions in place, and never an older state', () => {
    let log = entered(1, 3);
    log = applyChange(log, message(2, 5, { content: '', deletedAt: '2026-11-21T10:01:00.000Z' }), 5, me);
    log = applyChange(log, message(2, 4, { content: 'edited', editedAt: '2026-11-21T10:00:30.000Z' }), 4, me);
    expect(seqs(log)).toEqual([1, 2, 3]);
    expect(log.items[1]).toMatchObject({ content: '', position: 5 });
    expect(log.position).toBe(5);
    expect(hasHole(log)).toBe(false);
  });

  describe("one's own emojis, of which events do not speak", () => {
    const reactions = [{ emoji: '👍', count: 2 }];
    const own = (log: RoomLog) => log.items[0]?.mine;

    it('are known by who gave them', () => {
      let log = applyChange(entered(1, 1), message(1, 2, { reactions }), 2, me, { userId: me, emoji: '👍', op: 'add' });
      expect(own(log)).toEqual(['👍']);
      log = applyChange(log, message(1, 3, { reactions }), 3, me, { userId: 'user-ann', emoji: '👍', op: 'remove' });
      expect(own(log)).toEqual(['👍']);
      log = applyChange(log, message(1, 4), 4, me, { userId: me, emoji: '👍', op: 'remove' });
      expect(own(log)).toEqual([]);
    });

    it('are kept over an edit, and corrected by an answer to the same position', () => {
      let log = applyChange(entered(1, 1), message(1, 2, { reactions, mine: ['👍'] }), 2, me);
      log = applyChange(log, message(1, 3, { reactions, content: 'edited' }), 3, me);
      expect(own(log)).toEqual(['👍']);
      log = applyChange(log, message(1, 3, { reactions, content: 'edited', mine: [] }), 3, me);
      expect(own(log)).toEqual([]);
    });
  });
});
