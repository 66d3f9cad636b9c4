import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isForm } from './arrival.js';
import { drain } from './drain.js';
import { toAppError } from './to-app-error.js';
import { AppError } from '../../common/app-error.js';
import type { ErrorCode, Problem } from '../../contracts/index.js';

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Authentication required',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid request',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

const byStatus: Record<number, ErrorCode> = {
  400: 'request.malformed',
  401: 'auth.required',
  403: 'auth.forbidden',
  404: 'route.not-found',
  405: 'request.method-not-allowed',
  408: 'request.timeout',
  413: 'request.too-large',
  414: 'request.too-large',
  415: 'request.unsupported-media-type',
  429: 'rate.limited',
  503: 'server.unavailable',
};

/** What Fastify and Nest throw by themselves (bad JSON, unknown route, too large a body), in our words. */
function fromFramework(error: unknown): AppError | null {
  if (error instanceof HttpException) return new AppError(byStatus[error.getStatus()] ?? 'server.internal', { cause: error });
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new AppError(byStatus[status] ?? 'request.malformed', { cause: error });
  return null;
}

/** The problem document (RFC 9457) of an error. */
export function problemOf(error: AppError, request: Pick<FastifyRequest, 'id' | 'url'>): Problem {
  const errors = error.fieldErrors;
  return {
    type: 'about:blank',
    title: titles[error.status] ?? 'Error',
    status: error.status,
    code: error.code,
    detail: error.message,
    instance: request.url.split('?', 1)[0]!,
    requestId: request.id,
    ...(error.retryAfter !== undefined ? { retryAfter: error.retryAfter } : {}),
    ...(errors ? { errors } : {}),
  };
}

/** The one mapper of errors to HTTP. Nothing of an unexpected error reaches the caller but its request id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = fromFramework(thrown) ?? toAppError(thrown);
    if (error.status >= 500) {
      this.logger.error({ requestId: request.id, code: error.code, error: thrown }, 'request failed');
    }
    if (reply.sent) return;
    if (error.retryAfter !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfter))));
    // Fastify would close the connection under a sender who still writes, and the answer would be lost with it.
    if ((error.status === 413 || error.status === 415) && !isForm(request)) {
      void reply.removeHeader('connection');
      drain(request);
    }
    if (error.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply
      .status(error.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problemOf(error, request)));
  }
}
