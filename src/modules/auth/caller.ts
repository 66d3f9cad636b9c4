import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressKey } from '../../platform/rate-limit/index.js';

/** Who calls, as far as the network tells. */
export interface CallerInfo {
  ip: string;
  /** What the address counts as in limits. */
  address: string;
  /** 256 characters at most. */
  userAgent: string | null;
}

/** Hands `CallerInfo` to a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): CallerInfo => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ip: request.ip, address: addressKey(request.ip), userAgent: request.headers['user-agent']?.slice(0, 256) || null };
});
