import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ExecutionContext, Logger } from '@nestjs/common';
import { firstValueFrom, type Observable, of, throwError } from 'rxjs';
import { AppError } from '../../common/app-error.js';
import type { Settings } from '../../config/settings.js';
import { type EndpointName, type ErrorCode, endpoints } from '../../contracts/index.js';
import { ENDPOINT } from './endpoint.decorator.js';
import { checkReply } from './reply-check.js';
import { ReplyCheck } from './reply-check.interceptor.js';

const read = { seq: 4, unreadCount: 0 };
const problem = (code: ErrorCode, status: number) => ({ type: 'about:blank', title: 't', status, code, detail: 'd' });

function answer(name: EndpointName, outcome: unknown, nodeEnv: Settings['nodeEnv'] = 'test') {
  const handler = () => undefined;
  Reflect.defineMetadata(ENDPOINT, { ...endpoints[name], name }, handler);
  const context = {
    getType: () => 'http',
    getHandler: () => handler,
    switchToHttp: () => ({ getResponse: () => ({ statusCode: endpoints[name].status }) }),
  } as unknown as ExecutionContext;
  const handle = (): Observable<unknown> => (outcome instanceof Error ? throwError(() => outcome) : of(outcome));
  return firstValueFrom(new ReplyCheck({ nodeEnv } as Settings).intercept(context, { handle }));
}

beforeAll(() => void Logger.overrideLogger(false));

describe('an undocumented answer fails the tests', () => {
  it('takes a documented one', async () => {
    await expect(answer('rooms.read', read)).resolves.toEqual(read);
    await expect(answer('rooms.delete', undefined)).resolves.toBeUndefined();
    await expect(answer('rooms.read', new AppError('room.not-joined'))).rejects.toMatchObject({ code: 'room.not-joined' });
  });

  it('refuses an unknown field, a missing one, a body where none is documented, and an undocumented error', async () => {
    await expect(answer('rooms.read', { ...read, secret: 1 })).rejects.toMatchObject({ code: 'server.internal' });
    await expect(answer('rooms.read', { seq: 4 })).rejects.toMatchObject({ code: 'server.internal' });
    await expect(answer('rooms.delete', { ok: true })).rejects.toMatchObject({ code: 'server.internal' });
    await expect(answer('rooms.read', new AppError('auth.code-invalid'))).rejects.toMatchObject({ code: 'server.internal' });
  });

  it('leaves a real server alone', async () => {
    await expect(answer('rooms.read', { ...read, more: 1 }, 'production')).resolves.toMatchObject({ more: 1 });
  });

  it('checks a whole answer for a test: status, body, problem', () => {
    expect(() => checkReply('rooms.read', 200, read)).not.toThrow();
    expect(() => checkReply('rooms.read', 201, read)).toThrow('documented is 200');
    expect(() => checkReply('rooms.read', 403, problem('room.not-joined', 403))).not.toThrow();
    expect(() => checkReply('rooms.read', 404, problem('room.not-joined', 404))).toThrow('documented is 403');
    expect(() => checkReply('rooms.read', 500, { error: 'x' })).toThrow('no problem document');
  });
});
