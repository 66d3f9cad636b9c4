import type { Message } from '../api/wire.js';
import { emptyLog } from '../store/room-log.js';
import { authorName } from '../text/names.js';
import { t } from '../texts/index.js';
import { account, session } from './account.js';
import { startDrafts } from './drafts.js';
import { chat, dispatch, note, socket } from './live.js';
import { enterOpenRoom, readOpenRoomByRest, watchHole } from './open-room.js';
import { forgetPostCards } from './post-cards.js';
import { forgetQuotes, renewQuote } from './quotes.js';
import { asRead, forgetReading, readSeq } from './reading.js';
import { findOneRoom, refreshRooms } from './room-list.js';
import { announce, hush } from './toasts.js';
import { heardTyping } from './typing.js';
import { openLines, startWriting } from './writing.js';

const listEvery = 15_000;

let noticeKey = 1;
let started = false;
let person: string | null | undefined;

/** Begins to follow the account; called once, by the first page that shows rooms. */
export function startChat(): void {
  if (started) return;
  started = true;
  follow();
  account.subscribe(follow);
  setInterval(() => {
    if (document.visibilityState === 'visible') refreshRooms().catch(() => undefined);
  }, listEvery);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    socket.hurry();
    refreshRooms().catch(() => undefined);
  });
  addEventListener('online', () => socket.hurry());
}

function follow(): void {
  const state = account.get();
  if (state.status === 'restoring' || state.status === 'unreachable') return;
  const next = state.status === 'signed-in' ? state.me.id : null;
  if (next === person) return;
  person = next;
  const open = chat.get().open;
  socket.stop();
  forgetReading();
  forgetQuotes();
  forgetPostCards();
  dispatch({ type: 'reset', myId: next });
  startDrafts(next);
  startWriting(next);
  if (open) dispatch({ type: 'room-opened', reference: open.reference, id: null });
  socket.start();
  refreshRooms().catch(() => undefined);
}

session.onRenewed = (token) => {
  socket.renew(token).catch(() => undefined);
};

socket.onState = (state, fault) => {
  dispatch({ type: 'connection', state, fault: fault && note(fault) });
  openLines(state === 'online');
  if (state === 'online') {
    enterOpenRoom().catch(() => undefined);
    // What happened between a list that was read earlier and this moment, no event told.
    refreshRooms().catch(() => undefined);
  } else if (state === 'refused') readOpenRoomByRest().catch(() => undefined);
};

for (const event of ['message.created', 'message.updated', 'message.deleted'] as const) {
  socket.on(event, ({ room, position, message }) => changed(room, position, message));
}
socket.on('message.reactions', ({ room, position, message, by }) => {
  dispatch({ type: 'changed', room, position, message, by });
  watchHole(room);
});
socket.on('private.message', ({ room, position, message }) => {
  changed(room, position, message);
  const known = chat.get().directory.byId[room];
  if (!known) findOneRoom(room).catch(() => undefined);
});
socket.on('room.user_join', ({ room, user }) => {
  dispatch({ type: 'joined-by', room, user, key: noticeKey++, at: new Date().toISOString() });
});
socket.on('room.user_leave', ({ room, user }) => {
  dispatch({ type: 'left-by', room, user, key: noticeKey++, at: new Date().toISOString() });
});
socket.on('room.users', (data) => dispatch({ type: 'people-gathered', data }));
socket.on('room.typing', ({ room, user, typing }) => heardTyping(room, user, typing));
socket.on('room.read', ({ room, userId, seq }) => dispatch({ type: 'read-by', room, userId, seq }));
socket.on('room.updated', ({ room }) => dispatch({ type: 'room-updated', room }));
socket.on('room.added', ({ room }) => dispatch({ type: 'rooms-found', rooms: [asRead(room)] }));
socket.on('room.role', ({ room, userId, role }) => {
  if (userId === chat.get().myId) dispatch({ type: 'role', id: room, role });
});
socket.on('user.updated', ({ user }) => {
  dispatch({ type: 'person-changed', user });
  const state = account.get();
  if (state.status === 'signed-in' && state.me.id === user.id) {
    const { username, displayName, avatarUrl } = user;
    account.set({ status: 'signed-in', me: { ...state.me, username, displayName, avatarUrl } });
  }
});
socket.on('block.added', ({ block }) => {
  forgetQuotes();
  forgetPostCards();
  dispatch({ type: 'person-hidden', userId: block.user.id });
});
socket.on('block.removed', () => {
  forgetQuotes();
  forgetPostCards();
  dispatch({ type: 'hidden-shown' });
  enterOpenRoom().catch(() => undefined);
  refreshRooms().catch(() => undefined);
});
socket.on('room.removed', ({ room, reason }) => dispatch({ type: 'room-removed', id: room, reason }));
socket.on('room.unread', ({ room, unread, mentions, lastSeq: head }) => {
  // What stands on the screen is read: the server learns it a moment later.
  if (readSeq(room) >= head) return;
  dispatch({ type: 'unread', id: room, unread, mentions });
  const known = chat.get().directory.byId[room];
  if (!known || (known.lastMessage?.seq ?? 0) < head) findOneRoom(room).catch(() => undefined);
});
socket.on('presence.online', ({ count }) => dispatch({ type: 'online-total', count }));

function changed(room: string, position: number, message: Message): void {
  const state = chat.get();
  const isNew = message.seq > (state.logs[room] ?? emptyLog).headSeq;
  dispatch({ type: 'changed', room, position, message });
  if (!isNew) renewQuote(message);
  if (state.open?.id === room) {
    // Nobody looks, and everything before it was read: here begins what is new.
    if (isNew && document.visibilityState !== 'visible' && message.author?.id !== state.myId && readSeq(room) === message.seq - 1)
      dispatch({ type: 'unread-begun', id: room, seq: message.seq });
    if (isNew && message.author && message.author.id !== state.myId && !message.deletedAt) {
      announce(t.room.announce(authorName(message.author), message.content));
    }
    // The words that were announced are not the message's any more.
    if (!isNew && (message.deletedAt || message.editedAt)) hush();
    watchHole(room);
  }
}
