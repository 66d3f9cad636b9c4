import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PublicRoute } from '../http/endpoint.decorator.js';
import { Health, isServing, type Readiness } from './health.js';

/** Probes for process supervisors and load balancers. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  /** The process answers. */
  @Get('live')
  @Header('cache-control', 'no-store')
  @PublicRoute()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The process can do its work: 200 (`degraded` without the Redis that is configured), or 503 with what is missing. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  @PublicRoute()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.health.readiness();
    void reply.status(isServing(readiness) ? 200 : 503);
    return readiness;
  }
}
