import { type NodeBus, personChannel, roomChannel } from '../../platform/nodes/index.js';
import type { Broker, PushOrigin, RoomPush } from './broker.js';
import { MemoryBroker } from './memory-broker.js';
import { readPush, writePush } from './push-text.js';

/** The broker of several nodes: here at once, and once per room and batch to the nodes that listen to the room. */
export class NodesBroker implements Broker {
  private readonly here = new MemoryBroker();

  constructor(private readonly bus: NodeBus) {
    bus.on('push', (body) => this.here.deliver(readPush(body), 'elsewhere'));
  }

  publish(push: RoomPush): void {
    this.here.publish(push);
    const { pair, ...forRoom } = push;
    this.bus.say(roomChannel(push.roomId), 'push', writePush(forRoom));
    if (!pair) return;
    const changes = push.changes.filter(({ isNew }) => isNew);
    if (changes.length === 0) return;
    // Whoever has not joined listens to no room: their own channel brings it.
    for (const userId of pair) this.bus.say(personChannel(userId), 'push', writePush({ ...forRoom, changes, pair: [userId] }));
  }

  onPush(listener: (push: RoomPush, origin: PushOrigin) => void): void {
    this.here.onPush(listener);
  }

  listen(roomIds: Iterable<string>): void {
    this.bus.listen([...roomIds].map(roomChannel));
  }

  leave(roomIds: Iterable<string>): void {
    this.bus.leave([...roomIds].map(roomChannel));
  }

  listening(): Promise<void> | undefined {
    return this.bus.listening();
  }

  onHealed(listener: () => void): void {
    this.bus.onHealed(listener);
  }
}
