import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { AppError } from '../../common/app-error.js';
import { type EndpointName, type ErrorCode, type FieldError, isErrorCode } from '../../contracts/index.js';
import { type AppRequest, ENDPOINT } from './endpoint.decorator.js';
import { type IdempotentRequest, IdempotencyRepository } from './idempotency.repository.js';
import { keepsAnswers } from './idempotency-rules.js';

/** A refusal as it is kept: a problem document without what belongs to one request alone. */
interface KeptRefusal {
  code: ErrorCode;
  message: string;
  errors?: FieldError[];
}

/** Answers a repeated request under the same `Idempotency-Key` with what the first one was answered. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('idempotency');

  constructor(private readonly repository: IdempotencyRepository) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<AppRequest>();
    const key = request.headers['idempotency-key'];
    const { name } = (Reflect.getMetadata(ENDPOINT, context.getHandler()) ?? {}) as { name?: EndpointName };
    if (key === undefined || !name || !keepsAnswers(name) || request.principal?.kind !== 'person') return next.handle();
    // The bytes of an upload are not there yet, and would have to be kept to tell it from another.
    if (request.headers['content-type']?.startsWith('multipart/')) return next.handle();
    const known = identify(request, request.principal.userId, checkKey(key));
    return from(this.answer(known, next, context.switchToHttp().getResponse<FastifyReply>()));
  }

  private async answer(request: IdempotentRequest, next: CallHandler, reply: FastifyReply): Promise<unknown> {
    const known = await this.repository.claim(request);
    switch (known.kind) {
      case 'reused':
        throw new AppError('request.idempotency-key-reused');
      case 'in-progress':
        throw new AppError('request.idempotency-in-progress', { retryAfter: 1 });
      case 'stored':
        void reply.header('idempotency-replayed', 'true');
        if (known.status >= 400) throw restored(known.response);
        return known.response ?? undefined;
      case 'run':
        return this.run(request, known.claim, next, reply);
    }
  }

  private async run(request: IdempotentRequest, claim: string, next: CallHandler, reply: FastifyReply): Promise<unknown> {
    let answer: unknown;
    try {
      answer = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      const lasting = error instanceof AppError && error.status < 500 && error.status !== 429;
      await this.quietly(
        lasting ? this.repository.keep(request, claim, error.status, refusal(error)) : this.repository.release(request, claim),
      );
      throw error;
    }
    await this.quietly(this.repository.keep(request, claim, reply.statusCode, answer));
    return answer;
  }

  /** What the call did stands, whether or not its answer could be kept; a lost row is free again after a minute. */
  private async quietly(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.logger.warn({ error }, 'an answer could not be kept');
    }
  }
}

function checkKey(key: string | string[]): string {
  if (typeof key === 'string' && /^[\x20-\x7e]{1,64}$/.test(key)) return key;
  const errors = [{ field: 'Idempotency-Key', code: 'format', message: 'must have 1 to 64 printable ASCII characters' }];
  throw new AppError('request.invalid', { errors });
}

function identify(request: AppRequest, person: string, key: string): IdempotentRequest {
  const [path = '', query = ''] = request.url.split(/\?(.*)/s);
  const route = `${request.method} ${path}`;
  const hash = createHash('sha256')
    .update(JSON.stringify([route, query, canonical(request.body)]))
    .digest();
  return { person, route: route.length <= 1_000 ? route : createHash('sha256').update(route).digest('hex'), key, hash };
}

/** The same whatever the order of the keys. The parser has bounded the depth. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, canonical(inner)]);
}

function refusal({ code, message, errors }: AppError): KeptRefusal {
  return { code, message, ...(errors ? { errors } : {}) };
}

function restored(response: unknown): AppError {
  const { code, message, errors } = response as KeptRefusal;
  if (!isErrorCode(code)) return new AppError('server.internal');
  return new AppError(code, { message, ...(errors ? { errors } : {}) });
}
