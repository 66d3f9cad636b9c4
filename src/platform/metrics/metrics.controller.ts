import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/app-error.js';
import { hashToken, sameBytes } from '../../common/keys.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { PublicRoute } from '../http/endpoint.decorator.js';
import { Metrics } from './metrics.js';

/** `GET /metrics`: with METRICS_TOKEN for its bearer, without it for this machine alone. */
@Controller()
export class MetricsController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly metrics: Metrics,
  ) {}

  @Get('metrics')
  @PublicRoute()
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (this.settings.metricsToken !== undefined) checkToken(request.headers.authorization, this.settings.metricsToken);
    else if (!isDirectLoopback(request)) throw new AppError('route.not-found');
    void reply.header('content-type', this.metrics.contentType).header('cache-control', 'no-store');
    return this.metrics.text();
  }
}

function checkToken(header: string | undefined, token: string): void {
  const given = /^Bearer (\S{1,512})$/i.exec(header ?? '')?.[1];
  if (given === undefined) throw new AppError('auth.required');
  // Hashes have one length: the comparison takes the same time whatever was given.
  if (!sameBytes(hashToken(given), hashToken(token))) throw new AppError('auth.token-invalid');
}

/** Whether the caller is on this machine and no proxy stands between: a proxy on the same machine speaks for strangers. */
export function isDirectLoopback({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  const forwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];
  if (forwarded.some((name) => headers[name] !== undefined)) return false;
  const address = socket.remoteAddress ?? '';
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
