import { Injectable } from '@nestjs/common';
import type { Broker, RoomPush } from './broker.js';

/** The broker of a single node: a push arrives at once. */
@Injectable()
export class MemoryBroker implements Broker {
  private readonly listeners: ((push: RoomPush) => void)[] = [];

  publish(push: RoomPush): void {
    for (const listener of this.listeners) listener(push);
  }

  onPush(listener: (push: RoomPush) => void): void {
    this.listeners.push(listener);
  }
}
