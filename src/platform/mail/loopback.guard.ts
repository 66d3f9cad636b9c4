import { type CanActivate, type ExecutionContext, Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SETTINGS, type Settings } from '../../config/settings.js';

/** What of a request tells where it comes from. */
export interface Caller {
  /** Of the socket itself: what a proxy header claims does not count. */
  remoteAddress: string | undefined;
  headers: Record<string, string | string[] | undefined>;
}

// Present: somebody stands between the caller and us, and the socket's address is not the caller's.
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

/**
 * Whether a request comes from this machine, by a name of this machine. The name keeps out a foreign page whose domain points to 127.0.0.1 (DNS
 * rebinding).
 * @param publicUrl the server's own address; its host is allowed as a name, too
 */
export function isLocalCaller({ remoteAddress, headers }: Caller, publicUrl: string): boolean {
  if (!remoteAddress || !/^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/i.test(remoteAddress)) return false;
  if (proxyHeaders.some((name) => headers[name] !== undefined)) return false;
  const host = headers['host'];
  if (typeof host !== 'string' || !/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)) return false;
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return ['localhost', '127.0.0.1', '[::1]', new URL(publicUrl).hostname].includes(name);
}

/** Lets callers on this machine through; for everybody else there is no such route. */
@Injectable()
export class LoopbackGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl'>) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isLocalCaller({ remoteAddress: request.raw.socket.remoteAddress, headers: request.headers }, this.settings.publicUrl)) return true;
    throw new NotFoundException(`Cannot ${request.method} ${request.url.split('?', 1)[0]}`);
  }
}
