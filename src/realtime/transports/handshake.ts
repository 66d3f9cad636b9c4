import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { clientAddress, type ClientAddress } from '../../common/client-address.js';
import { isAllowedOrigin } from '../../common/origin.js';
import { guest, type Principal } from '../../common/principal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { addressKey } from '../../platform/rate-limit/index.js';
import { Ports, type SocketCredential } from '../ports.js';
import { handshakeDeadline } from './bounds.js';

/** What a client showed while it connected. */
export interface HandshakeRequest {
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Socket.IO's `auth` payload. */
  auth?: unknown;
}

/** The name of the session cookie. */
export const sessionCookie = 'parley_session';

/**
 * The first credential that is present, in the contract's order; it decides alone.
 * @returns null when there is none, `bad` when it is empty, doubled or no text
 */
export function readCredential({ query, headers, auth }: HandshakeRequest): SocketCredential | 'bad' | null {
  if (query.has('token')) return single('token', query.getAll('token'));
  if (query.has('ticket')) return single('ticket', query.getAll('ticket'));
  if (typeof auth === 'object' && auth !== null && Object.hasOwn(auth, 'token'))
    return single('token', [(auth as { token: unknown }).token]);
  const bearer = /^bearer(?:\s+(.*))?$/is.exec(headers.authorization ?? '');
  if (bearer) return single('token', [bearer[1]?.trim() ?? '']);
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const inProtocols = protocols.filter((protocol) => protocol.startsWith('bearer.'));
  if (inProtocols.length > 0)
    return single(
      'token',
      inProtocols.map((protocol) => protocol.slice('bearer.'.length)),
    );
  const cookie = cookieValue(headers.cookie, sessionCookie);
  return cookie === null ? null : single('cookie', [cookie]);
}

function single(kind: SocketCredential['kind'], values: unknown[]): SocketCredential | 'bad' {
  const [value] = values;
  return values.length === 1 && typeof value === 'string' && value !== '' && value.length <= 8_192 ? { kind, value } : 'bad';
}

function cookieValue(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name)
      return pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  return null;
}

/** Who may connect a socket: the one place that decides, for both transports. */
@Injectable()
export class Handshake {
  private readonly findAddress: ClientAddress;
  /** Counted for whoever watches: credentials that were not taken. */
  refused = 0;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly ports: Ports,
  ) {
    this.findAddress = clientAddress(settings.trustProxy);
  }

  /** Whether a browser's page may connect at all. Absent: no browser, which is fine. */
  isOriginAllowed(headers: IncomingHttpHeaders): boolean {
    return headers.origin === undefined || isAllowedOrigin(headers.origin, this.settings.allowedOrigins);
  }

  /**
   * Whether the cookie may decide here: a browser sends it along on its own, so it counts only where the page is known to be ours. A
   * same-origin GET has no Origin; there `Sec-Fetch-Site` says it, which no page can set.
   */
  isCookieAllowed(headers: IncomingHttpHeaders): boolean {
    return headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin';
  }

  /** Where a connection comes from, as the limits count it. */
  address(peer: string | undefined, headers: IncomingHttpHeaders): string {
    return addressKey(this.findAddress(peer, headers['x-forwarded-for']));
  }

  /**
   * Who is at the socket: a person, or a guest where guests may be.
   * @throws AppError `auth.required`, `auth.token-invalid`, `auth.token-expired`, `auth.revoked`, `auth.inactive`;
   *   `auth.origin-refused` for the cookie without an origin; `server.unavailable` after five seconds
   */
  async authenticate(request: HandshakeRequest): Promise<Principal> {
    try {
      return await this.identify(request);
    } catch (error) {
      this.refused++;
      throw error;
    }
  }

  private async identify(request: HandshakeRequest): Promise<Principal> {
    const credential = readCredential(request);
    if (credential === 'bad') throw new AppError('auth.token-invalid');
    if (credential === null) {
      if (this.settings.guests) return guest;
      throw new AppError('auth.required');
    }
    if (credential.kind === 'cookie' && !this.isCookieAllowed(request.headers)) throw new AppError('auth.origin-refused');
    return within(handshakeDeadline, this.ports.authenticator.authenticate(credential));
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('server.unavailable', { retryAfter: 2 })), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
