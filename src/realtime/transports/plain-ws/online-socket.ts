import { AppError } from '../../../common/app-error.js';
import type { Frame } from '../../frame.js';
import { legacyBytes, LegacySocket } from './legacy-socket.js';

const ENCODED = Symbol('online count of old clients');

/** `/ws/online/`: the number of people online, at once and when it changes. */
export class OnlineSocket extends LegacySocket {
  readonly transport = 'online';
  private told = -1;

  send(frame: Frame): void {
    if (frame.event !== 'presence.online') return;
    const { count } = frame.data as Frame<'presence.online'>['data'];
    if (count === this.told) return;
    this.told = count;
    this.write(frame.encoded(ENCODED, () => legacyBytes({ type: 'online_count', count })));
  }

  protected said(): void {
    if (this.countBadFrame()) this.complain(new AppError('command.unknown'));
  }
}
