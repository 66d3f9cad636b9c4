import { AppError } from '../../../common/app-error.js';
import { LegacySocket } from './legacy-socket.js';

/** `/ws/notifications/`: opens for signed-in people and stays. */
export class NotificationsSocket extends LegacySocket {
  readonly transport = 'notifications';

  send(): void {
    return;
  }

  protected said(): void {
    const isAdmin = this.principal.kind === 'person' && this.principal.role === 'admin';
    if (this.countBadFrame()) this.complain(new AppError(isAdmin ? 'command.unknown' : 'auth.forbidden'));
  }
}
