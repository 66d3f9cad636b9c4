import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { isAllowedOrigin } from '../../common/origin.js';
import type { Settings } from '../../config/settings.js';
import { AppError } from '../../common/app-error.js';
import { problemOf } from '../http/problem.filter.js';

/** Headers of every answer: what pages may load and who may frame them, no sniffing, no referrer; private JSON is never cached. */
export async function securityHeaders(fastify: FastifyInstance, settings: Pick<Settings, 'publicUrl'>): Promise<void> {
  await fastify.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        imgSrc: ["'self'", 'data:', 'blob:'],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    // A browser that was once told to insist on https would never come back to a laptop's http.
    strictTransportSecurity: settings.publicUrl.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    done();
  });
}

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const requestHeaders = 'Authorization, Content-Type, Idempotency-Key, If-None-Match';
const responseHeaders = 'Retry-After, Idempotency-Replayed, X-Request-Id, WWW-Authenticate';

/** Lets pages of the allowed origins call with credentials; an origin is answered by its own name only when it is on the list. */
export function cors(fastify: FastifyInstance, settings: Pick<Settings, 'allowedOrigins'>): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined) {
      done();
      return;
    }
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    const allowed = isAllowedOrigin(origin, settings.allowedOrigins);
    if (allowed) {
      void reply.headers({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': responseHeaders,
      });
    }
    if (!isPreflight) {
      done();
      return;
    }
    if (!allowed) {
      const error = new AppError('auth.origin-refused');
      void reply
        .status(error.status)
        .header('content-type', 'application/problem+json; charset=utf-8')
        .send(JSON.stringify(problemOf(error, request)));
      return;
    }
    void reply
      .status(204)
      .headers({ 'access-control-allow-methods': methods, 'access-control-allow-headers': requestHeaders, 'access-control-max-age': '600' })
      .send();
  });
}
