import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { SocketAuthenticator, SocketCredential } from '../../realtime/ports.js';
import { Authenticator } from './authenticator.js';

/** The sockets' door: hands what a client showed to the one authenticator. */
@Injectable()
export class AccountSocketAuthenticator implements SocketAuthenticator {
  constructor(private readonly authenticator: Authenticator) {}

  async authenticate({ kind, value }: SocketCredential): Promise<Person> {
    switch (kind) {
      case 'token':
        return this.authenticator.authenticateToken(value);
      case 'ticket':
        return this.authenticator.authenticateTicket(value);
      case 'cookie':
        return this.authenticator.authenticateCookie(value);
    }
  }

  async renew(current: Person, token: string): Promise<Person> {
    const next = await this.authenticator.authenticateToken(token);
    if (next.userId !== current.userId || next.sessionId !== current.sessionId) throw new AppError('auth.other-person');
    return next;
  }
}
