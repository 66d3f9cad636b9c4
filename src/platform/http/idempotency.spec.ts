import { describe, expect, it } from '@jest/globals';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { firstValueFrom, from } from 'rxjs';
import { AppError } from '../../common/app-error.js';
import { type EndpointName, endpoints } from '../../contracts/index.js';
import { ENDPOINT } from './endpoint.decorator.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import type { Claim, IdempotencyRepository, IdempotentRequest } from './idempotency.repository.js';
import { keepsAnswers } from './idempotency-rules.js';

/** The rules of the table, without a table. */
class MemoryStore {
  readonly rows = new Map<string, { hash: string; status?: number; response?: string }>();

  private id({ person, route, key }: IdempotentRequest): string {
    return JSON.stringify([person, route, key]);
  }

  async claim(request: IdempotentRequest): Promise<Claim> {
    const row = this.rows.get(this.id(request));
    const hash = request.hash.toString('hex');
    if (!row) {
      this.rows.set(this.id(request), { hash });
      return { kind: 'run', claim: 'c' };
    }
    if (row.hash !== hash) return { kind: 'reused' };
    if (row.status === undefined) return { kind: 'in-progress' };
    return { kind: 'stored', status: row.status, response: row.response === undefined ? null : JSON.parse(row.response) };
  }

  async keep(request: IdempotentRequest, _claim: string, status: number, response: unknown): Promise<void> {
    Object.assign(this.rows.get(this.id(request))!, { status, response: JSON.stringify(response) });
  }

  async release(request: IdempotentRequest): Promise<void> {
    this.rows.delete(this.id(request));
  }
}

interface Call {
  name?: EndpointName;
  key?: string | string[];
  body?: unknown;
  url?: string;
  person?: string;
}

function door() {
  const store = new MemoryStore();
  const interceptor = new IdempotencyInterceptor(store as unknown as IdempotencyRepository);
  const headers: Record<string, string> = {};
  let runs = 0;

  async function call(
    { name = 'rooms.create', key = 'k1', body = { name: 'a' }, url = '/api/v1/rooms', person = 'ada' }: Call,
    work: () => Promise<unknown>,
  ) {
    const handler = () => undefined;
    Reflect.defineMetadata(ENDPOINT, { ...endpoints[name], name }, handler);
    const request = {
      method: endpoints[name].method,
      url,
      body,
      headers: { 'idempotency-key': key },
      principal: { kind: 'person', userId: person },
    };
    const reply = { statusCode: endpoints[name].status, header: (field: string, value: string) => void (headers[field] = value) };
    const context = {
      getType: () => 'http',
      getHandler: () => handler,
      switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }),
    } as unknown as ExecutionContext;
    const next: CallHandler = {
      handle: () => {
        runs += 1;
        return from(work());
      },
    };
    return firstValueFrom(interceptor.intercept(context, next), { defaultValue: undefined });
  }
  return { call, headers, store, runs: () => runs };
}

describe('Idempotency-Key', () => {
  it('gives the same request the same answer and runs it once', async () => {
    const { call, headers, runs } = door();
    await expect(call({}, async () => ({ room: 1 }))).resolves.toEqual({ room: 1 });
    expect(headers).toEqual({});
    await expect(call({ body: { name: 'a' } }, async () => ({ room: 2 }))).resolves.toEqual({ room: 1 });
    expect(headers['idempotency-replayed']).toBe('true');
    expect(runs()).toBe(1);
  });

  it('does not mind the order of the keys of a body', async () => {
    const { call, runs } = door();
    await call({ body: { a: 1, b: { c: 2, d: 3 } } }, async () => 'x');
    await call({ body: { b: { d: 3, c: 2 }, a: 1 } }, async () => 'y');
    expect(runs()).toBe(1);
  });

  it('refuses another request under the same key', async () => {
    const { call } = door();
    await call({}, async () => 'x');
    await expect(call({ body: { name: 'b' } }, async () => 'y')).rejects.toMatchObject({
      code: 'request.idempotency-key-reused',
      status: 409,
    });
  });

  it('keeps keys of other people, routes and parameters apart', async () => {
    const { call, runs } = door();
    await call({}, async () => 'x');
    await call({ person: 'grace' }, async () => 'x');
    await call({ name: 'rooms.join', url: '/api/v1/rooms/one/join' }, async () => 'x');
    await call({ name: 'rooms.join', url: '/api/v1/rooms/two/join' }, async () => 'x');
    expect(runs()).toBe(4);
  });

  it('tells a second call that the first is under way', async () => {
    const { call } = door();
    let finish = (_: string) => undefined as void;
    const first = call({}, () => new Promise((resolve) => (finish = resolve)));
    await expect(call({}, async () => 'y')).rejects.toMatchObject({ code: 'request.idempotency-in-progress', retryAfter: 1 });
    finish('x');
    await expect(first).resolves.toBe('x');
  });

  it('keeps a refusal, but not a fault of the server nor "too many requests"', async () => {
    const { call, runs } = door();
    const fail = (code: 'room.name-taken' | 'server.unavailable' | 'rate.limited') => async () => {
      throw new AppError(code);
    };
    await expect(call({}, fail('server.unavailable'))).rejects.toMatchObject({ status: 503 });
    await expect(call({}, fail('rate.limited'))).rejects.toMatchObject({ status: 429 });
    await expect(call({}, fail('room.name-taken'))).rejects.toMatchObject({ status: 409 });
    await expect(call({}, async () => 'x')).rejects.toMatchObject({ code: 'room.name-taken' });
    expect(runs()).toBe(3);
  });

  it('answers a call without content alike', async () => {
    const { call, runs } = door();
    await call({ name: 'rooms.delete', url: '/api/v1/rooms/a' }, async () => undefined);
    await expect(call({ name: 'rooms.delete', url: '/api/v1/rooms/a' }, async () => undefined)).resolves.toBeUndefined();
    expect(runs()).toBe(1);
  });

  it.each(['', 'x'.repeat(65), 'naïve', 'tab\t', ['a', 'b']])('refuses the key %j', (key) => {
    const { call } = door();
    return expect(call({ key }, async () => 'x')).rejects.toMatchObject({
      code: 'request.invalid',
      errors: [{ field: 'Idempotency-Key' }],
    });
  });

  it('never keeps credentials: public calls and tickets are left out, and so is sending, where the key is the clientId', async () => {
    const left = [
      'auth.register',
      'auth.login',
      'auth.refresh',
      'auth.logout',
      'auth.socket-ticket',
      'messages.send',
      'rooms.list',
    ] as const;
    for (const name of left) expect(keepsAnswers(name)).toBe(false);
    expect(keepsAnswers('rooms.create')).toBe(true);
    const { call, store } = door();
    await call({ name: 'auth.socket-ticket' }, async () => ({ ticket: 'secret' }));
    expect(store.rows.size).toBe(0);
  });
});
