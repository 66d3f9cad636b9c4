import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '../common/app-error.js';
import { guest, type Principal } from '../common/principal.js';
import type { Settings } from '../config/settings.js';
import { CommandLimits } from './command-limits.js';
import type { Connection } from './connection.js';
import { Dispatcher, type DispatchResult } from './dispatcher.js';
import { Hub } from './hub.js';
import { OnlineCount } from './presence/online-count.js';
import { CommandRegistry } from './registry.js';

const person = { kind: 'person', userId: 'u', username: 'anna' } as Principal;
const connectionOf = (principal: Principal) => ({ id: 'c', principal }) as Connection;

function dispatcher(settings: Partial<Settings> = {}) {
  const registry = new CommandRegistry();
  const limits = new CommandLimits({ rateLimits: true, rateLimitScale: 1, ...settings } as Settings, new OnlineCount(new Hub()));
  return { registry, dispatch: new Dispatcher(registry, limits) };
}

// One of these faults is logged, and rightly so.
beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('the way in for commands', () => {
  it('parses, handles and acknowledges', async () => {
    const { registry, dispatch } = dispatcher();
    registry.register('room.read', async (_context, { seq }) => ({ data: { seq, unreadCount: 0 } }));
    expect(await dispatch.dispatch(connectionOf(person), 'room.read', { room: 'lobby', seq: 3 })).toEqual({
      acknowledgement: { ok: true, data: { seq: 3, unreadCount: 0 } },
    });
  });

  it('asks who it is before it reads the data', async () => {
    const { registry, dispatch } = dispatcher();
    registry.register('room.read', async () => ({ data: { seq: 0, unreadCount: 0 } }));
    const { acknowledgement } = await dispatch.dispatch(connectionOf(guest), 'room.read', 'nonsense');
    expect(acknowledgement).toMatchObject({ ok: false, error: { code: 'guest.read-only' } });
  });

  it('never rejects: every fault is an acknowledgement, and ours tells nothing of the inside', async () => {
    const { registry, dispatch } = dispatcher();
    registry.register('room.read', async () => {
      throw new Error('secret');
    });
    registry.register('room.leave', async () => {
      throw new AppError('room.not-found');
    });
    const read = await dispatch.dispatch(connectionOf(person), 'room.read', { room: 'x', seq: 1 });
    expect(read.acknowledgement).toMatchObject({ ok: false, error: { code: 'server.internal' } });
    expect(JSON.stringify(read)).not.toContain('secret');
    const leave = await dispatch.dispatch(connectionOf(person), 'room.leave', { room: 'x' });
    expect(leave.acknowledgement).toMatchObject({ error: { code: 'room.not-found' } });
    for (const name of ['no.such', '__proto__', 'toString', '']) {
      expect((await dispatch.dispatch(connectionOf(person), name, {})).acknowledgement).toMatchObject({
        error: { code: 'command.unknown' },
      });
    }
  });

  it('calls handlers in the order of the commands, before anything waits', () => {
    const { registry, dispatch } = dispatcher();
    const order: number[] = [];
    registry.register('room.read', async (_context, { seq }) => {
      order.push(seq);
      return { data: { seq, unreadCount: 0 } };
    });
    const all = [1, 2, 3].map((seq) => dispatch.dispatch(connectionOf(person), 'room.read', { room: 'x', seq }));
    expect(order).toEqual([1, 2, 3]);
    return Promise.all(all);
  });

  it('limits a flood, unknown commands too', async () => {
    const { dispatch } = dispatcher();
    const codes = [];
    // Far more than the burst: a slow machine gives some of it back meanwhile.
    for (let count = 0; count < 2_000; count++) {
      const { acknowledgement } = await dispatch.dispatch(connectionOf(person), 'no.such', {});
      codes.push(acknowledgement.ok ? 'ok' : acknowledgement.error.code);
    }
    expect(codes.slice(0, 400)).not.toContain('rate.limited');
    expect(codes).toContain('rate.limited');
  });

  it('limits a person over all of their sockets, and guests one by one', async () => {
    const { dispatch } = dispatcher();
    const codeOf = async (connection: Connection) => {
      const { acknowledgement } = await dispatch.dispatch(connection, 'no.such', {});
      return acknowledgement.ok ? 'ok' : acknowledgement.error.code;
    };
    const sockets = Array.from({ length: 4 }, (_, n) => ({ id: `c${n}`, principal: person }) as Connection);
    const codes = [];
    for (let count = 0; count < 2_000; count++) codes.push(await codeOf(sockets[count % 4]!));
    expect(codes).toContain('rate.limited');
    const guests = Array.from({ length: 4 }, (_, n) => ({ id: `g${n}`, principal: guest }) as Connection);
    for (let count = 0; count < 420; count++) expect(await codeOf(guests[count % 4]!)).toBe('command.unknown');
  });

  it('answers a direct handler once, and closes a socket that cannot be answered', () => {
    const { registry, dispatch } = dispatcher();
    registry.registerDirect('room.read', (_context, { seq }, answer) => {
      answer.done({ seq, unreadCount: 0 }, '{"made":"already"}');
      answer.failed(new Error('too late'));
      throw new Error('too late as well');
    });
    const results: DispatchResult[] = [];
    dispatch.run(connectionOf(person), 'room.read', { room: 'x', seq: 1 }, { answered: (result) => results.push(result) });
    expect(results).toMatchObject([{ acknowledgement: { ok: true, data: { seq: 1 } }, json: '{"made":"already"}' }]);
    const closed: unknown[] = [];
    const broken = { ...connectionOf(person), close: (...why: unknown[]) => closed.push(why) } as unknown as Connection;
    dispatch.run(
      broken,
      'room.read',
      { room: 'x', seq: 1 },
      {
        answered: () => {
          throw new Error('gone');
        },
      },
    );
    expect(closed).toEqual([[1012, 'server.internal']]);
  });

  it('fails to start when a command has no handler or two', () => {
    const { registry } = dispatcher();
    registry.register('room.read', async () => ({ data: { seq: 0, unreadCount: 0 } }));
    expect(() => registry.register('room.read', async () => ({ data: { seq: 0, unreadCount: 0 } }))).toThrow('two handlers');
    expect(() => registry.onApplicationBootstrap()).toThrow('message.send');
  });
});
