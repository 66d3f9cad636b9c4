import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressKey } from './address-key.js';

/** Hands a handler what its caller's network address counts as in limits. */
export const CallerAddress = createParamDecorator((_: unknown, context: ExecutionContext) =>
  addressKey(context.switchToHttp().getRequest<FastifyRequest>().ip),
);
