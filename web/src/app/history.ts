import { toFault } from '../api/fault.js';
import type { CallReply } from '../api/wire.js';
import { emptyLog, holds } from '../store/room-log.js';
import { rest } from './account.js';
import { chat, dispatch, note } from './live.js';

/** Messages in one page of history. */
export const pageSize = 50;

let focusKey = 0;

type Page = CallReply<'messages.list'>;

/** Reads the page of history before what is shown. */
export async function loadOlder(): Promise<void> {
  const place = openLog();
  const before = place?.log.nextBefore ?? null;
  if (!place || before === null || place.loading) return;
  const { id } = place;
  await load(id, 'older', async () => {
    const page = await rest.call('messages.list', { params: { room: id }, query: { before: String(before), limit: pageSize } });
    dispatch({ type: 'older-read', id, before, page });
  });
}

/** Reads the page of history behind what is shown, when that is not the end. */
export async function loadNewer(): Promise<void> {
  const place = openLog();
  const after = place?.log.nextAfter ?? null;
  if (!place || after === null || place.loading) return;
  const { id } = place;
  await load(id, 'newer', async () => {
    const page = await rest.call('messages.list', { params: { room: id }, query: { after: String(after), limit: pageSize } });
    dispatch({ type: 'newer-read', id, after, page });
  });
}

/** Shows the end of the history, where new messages arrive. */
export async function showNewest(): Promise<void> {
  const place = openLog();
  if (!place || place.log.nextAfter === null) return;
  const { id } = place;
  await load(id, 'elsewhere', async () => {
    dispatch({ type: 'window-read', id, page: await rest.call('messages.list', { params: { room: id }, query: { limit: pageSize } }) });
  });
}

/** Shows a message of the open room and points at it, however far back it is. */
export async function showMessage(seq: number): Promise<void> {
  const place = openLog();
  if (!place) return;
  const { id, log } = place;
  if (!holds(log, seq)) {
    await load(id, 'elsewhere', async () => {
      const [until, from] = await Promise.all([
        rest.call('messages.list', { params: { room: id }, query: { before: String(seq + 1), limit: pageSize / 2 } }),
        rest.call('messages.list', { params: { room: id }, query: { after: String(seq), limit: pageSize / 2 } }),
      ]);
      dispatch({ type: 'window-read', id, page: around(until, from) });
    });
  }
  dispatch({ type: 'focused', id, seq, key: ++focusKey });
}

function around(until: Page, from: Page): Page {
  return {
    items: [...until.items, ...from.items],
    nextBefore: until.nextBefore,
    nextAfter: from.nextAfter,
    position: Math.min(until.position, from.position),
    epoch: until.epoch,
  };
}

function openLog() {
  const { open, logs } = chat.get();
  if (open?.id == null) return null;
  return { id: open.id, log: logs[open.id] ?? emptyLog, loading: open.loading !== null };
}

async function load(id: string, where: 'older' | 'newer' | 'elsewhere', read: () => Promise<void>): Promise<void> {
  dispatch({ type: 'page-asked', where });
  try {
    await read();
  } catch (error) {
    dispatch({ type: 'page-failed', id, fault: note(toFault(error)) });
  }
}
