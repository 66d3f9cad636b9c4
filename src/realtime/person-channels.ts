import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InternalEvents } from '../platform/events/index.js';
import { NodeBus, personChannel } from '../platform/nodes/index.js';

/** This node hears what other nodes say to the people who are here. */
@Injectable()
export class PersonChannels implements OnApplicationShutdown {
  private readonly off: (() => void)[];

  constructor(bus: NodeBus, events: InternalEvents) {
    this.off = [
      events.on('person.online', ({ userId }) => bus.listen([personChannel(userId)])),
      events.on('person.offline', ({ userId }) => bus.leave([personChannel(userId)])),
    ];
  }

  onApplicationShutdown(): void {
    for (const off of this.off) off();
  }
}
