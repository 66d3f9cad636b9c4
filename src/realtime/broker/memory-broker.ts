import type { Broker, PushOrigin, RoomPush } from './broker.js';

/** The broker of a single node: a push arrives at once. */
export class MemoryBroker implements Broker {
  private readonly listeners: ((push: RoomPush, origin: PushOrigin) => void)[] = [];

  publish(push: RoomPush): void {
    this.deliver(push, 'here');
  }

  /** Hands a push to everybody here. */
  deliver(push: RoomPush, origin: PushOrigin): void {
    for (const listener of this.listeners) listener(push, origin);
  }

  onPush(listener: (push: RoomPush, origin: PushOrigin) => void): void {
    this.listeners.push(listener);
  }

  listen(): void {
    // Whoever is alone hears everything.
  }

  leave(): void {
    // As `listen`.
  }

  listening(): undefined {
    return undefined;
  }

  onHealed(): void {
    // Nothing gets lost inside a process.
  }
}
