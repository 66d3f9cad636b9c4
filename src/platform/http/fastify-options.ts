import { randomBytes } from 'node:crypto';
import type { ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { AppError } from '../../common/app-error.js';
import type { Settings } from '../../config/settings.js';
import { errorCatalogue, type ErrorCode } from '../../contracts/index.js';
import { isRoutine, PinoLogger } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { type SpanRecord, Tracing } from '../telemetry/index.js';
import { cors, securityHeaders } from '../web/security-headers.js';
import { arrivalTimes, limitArrival } from './arrival.js';
import type { AppRequest } from './endpoint.decorator.js';
import { acceptJsonAlone } from './json-body.js';
import { problemOf } from './problem.filter.js';
import { acceptForms } from './uploads/index.js';

/** Largest body of a call, in bytes. */
export const bodyLimit = 256 * 1024;

/** What `NestFactory.create` must be told: the bodies are parsed by `configureFastify`. */
export const nestOptions = { bodyParser: false } as const;

/** Options of the Fastify adapter. Times are in ms. */
export function fastifyOptions(settings: Pick<Settings, 'trustProxy'>): FastifyServerOptions & { http: ServerOptions } {
  return {
    // Requests are logged by a hook of ours, which knows what must not be.
    logger: false,
    trustProxy: trustedProxies(settings.trustProxy),
    bodyLimit,
    // The time of an upload; `limitArrival` gives every other body less. A connection may be silent for longer than a long poll, 25 s.
    requestTimeout: arrivalTimes.form,
    http: { headersTimeout: arrivalTimes.headers },
    connectionTimeout: 120_000,
    // Longer than the usual proxy's, so that it is never the server that closes a connection just used.
    keepAliveTimeout: 75_000,
    // What arrives in the last moment is answered like everything before: the database goes after the last answer.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestIds(),
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: true, maxParamLength: 300 },
    frameworkErrors: answerRouterError,
    clientErrorHandler: answerBrokenRequest,
  };
}

/**
 * Parsers, headers, CORS, request log and metrics. Call it after `NestFactory.create` and before `app.init` or `app.listen`.
 * @param logger where requests are told; one of its own when absent
 */
export async function configureFastify(app: NestFastifyApplication, settings: Settings, logger = new PinoLogger(settings)): Promise<void> {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  limitArrival(fastify, arrivalTimes);
  acceptJsonAlone(fastify);
  await acceptForms(fastify);
  observe(fastify, logger, app.get(Metrics), app.get(Tracing));
  await securityHeaders(fastify, settings);
  cors(fastify, settings);
}

/** One line and one count per answer, and one span where traces are wanted. */
function observe(fastify: FastifyInstance, logger: PinoLogger, metrics: Metrics, tracing: Tracing): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onResponse', (request: AppRequest, reply, done) => {
    const ms = reply.elapsedTime;
    const { method, principal } = request;
    const url = request.routeOptions.url;
    const route = request.is404 || url === undefined || url === '/*' ? 'none' : url;
    const status = reply.statusCode;
    metrics.request({ method, route, status, seconds: ms / 1000 });
    const path = request.url.split('?', 1)[0]!;
    const isTraced = tracing.isOn && !isRoutine({ path, route, status });
    const traceId = isTraced ? tracing.record(requestSpan(request, route, status, ms)) : null;
    logger.request({
      requestId: request.id,
      ...(traceId === null ? {} : { traceId }),
      method,
      route,
      path,
      status,
      ms: Math.round(ms * 10) / 10,
      ...(principal?.kind === 'person' ? { personId: principal.userId } : {}),
    });
    done();
  });
}

/** A request as its span tells it: the route's pattern, never the path or what stands behind it. */
function requestSpan({ id, method, headers }: FastifyRequest, route: string, status: number, ms: number): SpanRecord {
  return {
    name: `${method} ${route}`,
    kind: 'server',
    ms,
    attributes: { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status, 'parley.request_id': id },
    failed: status >= 500,
    headers,
  };
}

/**
 * Whose `X-Forwarded-For` is believed. Fastify takes a bare number for "nobody", because it cannot see who is in front; here the number is the
 * operator's word that every request comes through so many proxies.
 */
export function trustedProxies(setting: Settings['trustProxy']): false | string | ((address: string, hop: number) => boolean) {
  return typeof setting === 'number' ? (_address, hop) => hop < setting : setting;
}

/** Short ids of our own: one that a client sends could be anything, also a line break or somebody else's. */
function requestIds(): () => string {
  const start = randomBytes(3).toString('hex');
  let count = 0;
  return () => `${start}-${(count++).toString(36)}`;
}

/** What the router refuses before any hook runs: an address that cannot be decoded, or a parameter beyond all sense. */
function answerRouterError(error: { statusCode?: number | undefined }, request: FastifyRequest, reply: FastifyReply): void {
  const code: ErrorCode =
    error.statusCode === 414 ? 'request.too-large' : error.statusCode === 400 ? 'request.malformed' : 'server.internal';
  const message = code === 'request.malformed' ? 'This address is not well-formed.' : undefined;
  const problem = problemOf(new AppError(code, message === undefined ? {} : { message }), request);
  void reply
    .status(problem.status)
    .headers({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .send(JSON.stringify(problem));
}

const brokenRequests: Readonly<Record<string, { line: string; code: ErrorCode }>> = {
  HPE_HEADER_OVERFLOW: { line: '431 Request Header Fields Too Large', code: 'request.too-large' },
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', code: 'request.timeout' },
};

/** What is no HTTP at all, or came too slowly: there is no request to answer, so the answer is written by hand. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, code } = brokenRequests[error.code ?? ''] ?? { line: '400 Bad Request', code: 'request.malformed' as const };
  const status = Number(line.slice(0, 3));
  const detail = code === 'request.malformed' ? 'This is not a well-formed HTTP request.' : errorCatalogue[code].message;
  const body = JSON.stringify({ type: 'about:blank', title: line.slice(4), status, code, detail });
  const head = [
    `HTTP/1.1 ${line}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
