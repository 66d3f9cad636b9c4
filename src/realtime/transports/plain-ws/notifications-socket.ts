import { AppError } from '../../../common/app-error.js';
import { closeCodes } from '../../../contracts/index.js';
import type { Frame } from '../../frame.js';
import { notificationFrame } from '../../legacy/legacy-frames.js';
import type { ChatParts } from './chat-socket.js';
import { legacyBytes, LegacySocket } from './legacy-socket.js';

const ENCODED = Symbol('notification of old clients');

/** Announcements of one socket under way; more wait for nobody. */
const mostInFlight = 8;

/** `/ws/notifications/`: what is news for a person, but not in their quiet hours. What an admin says there, everybody is told. */
export class NotificationsSocket extends LegacySocket<ChatParts> {
  readonly transport = 'notifications';
  private inFlight = 0;

  send(frame: Frame): void {
    if (frame.event !== 'notification.created') return;
    const { data } = frame as Frame<'notification.created'>;
    if (data.quiet) return;
    this.write(frame.encoded(ENCODED, () => legacyBytes(notificationFrame(data))));
  }

  protected said(message: string): void {
    if (this.principal.kind !== 'person' || this.principal.role !== 'admin') {
      if (this.countBadFrame()) this.complain(new AppError('auth.forbidden'));
    } else if (this.inFlight >= mostInFlight) {
      this.complain(new AppError('rate.limited'));
    } else {
      this.inFlight++;
      this.announce(message).catch(() => this.close(closeCodes.restarting, 'server.internal'));
    }
  }

  private async announce(message: string): Promise<void> {
    const { acknowledgement } = await this.parts.dispatcher.dispatch(this, 'announcement.send', { message });
    this.inFlight--;
    if (!acknowledgement.ok) this.complain(acknowledgement.error);
  }
}
