import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Times in ms within which a request must have arrived. */
export interface ArrivalTimes {
  headers: number;
  body: number;
  /** A form with a file: 25 MB over a slow line. */
  form: number;
}

export const arrivalTimes: ArrivalTimes = { headers: 30_000, body: 30_000, form: 300_000 };

/** Whether a request says that its body is a form, which may bring a file. */
export function isForm({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return /^multipart\/form-data\b/i.test(headers['content-type'] ?? '');
}

/**
 * Bodies have their own time to arrive. Node knows one time for every request, which has to be that of the slowest upload; everything else is
 * cut off here, in the same way.
 */
export function limitArrival(fastify: FastifyInstance, { body }: ArrivalTimes): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { raw, headers } = request;
    const bringsBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (bringsBody && !raw.complete && !isForm(request)) {
      const late = Object.assign(new Error('The body took too long to arrive.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      const timer = setTimeout(() => fastify.server.emit('clientError', late, raw.socket), body).unref();
      raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    }
    done();
  });
}
