import { Injectable } from '@nestjs/common';
import { type InternalEventMap, InternalEvents } from '../events/index.js';
import { everyNode, NodeBus, personChannel, type SayOptions } from './node-bus.js';

interface Route<E extends keyof InternalEventMap> extends SayOptions {
  /** The channels of those whom it concerns. */
  to: (data: InternalEventMap[E]) => readonly string[];
}

type Routes = { readonly [E in keyof InternalEventMap]?: Route<E> };

const everywhere = () => [everyNode];

/** What other nodes must hear, and who of them. Rights, people and memberships that memory knows: lasting. What is missing concerns one node alone. */
const routes: Routes = {
  // Also found in the table of ended sessions, every two seconds.
  'session.ended': { to: everywhere },
  'user.changed': { to: everywhere, lasting: true },
  'person.role-changed': { to: everywhere, lasting: true },
  'room.member-joined': { to: everywhere, lasting: true },
  'room.member-left': { to: everywhere, lasting: true },
  'room.rights-changed': { to: everywhere, lasting: true },
  'room.rules-changed': { to: everywhere, lasting: true },
  'room.deleted': { to: everywhere, lasting: true },
  'room.read': { to: ({ userId }) => [personChannel(userId)] },
  'notifications.changed': { to: ({ userId }) => [personChannel(userId)] },
};

/** Tells other nodes what features tell each other here. */
@Injectable()
export class EventRelay {
  constructor(
    private readonly events: InternalEvents,
    private readonly bus: NodeBus,
  ) {
    if (!bus.isShared) return;
    for (const event of Object.keys(routes) as (keyof typeof routes)[]) this.relay(event);
    bus.on('event', (body) => this.hear(body));
  }

  private relay<E extends keyof InternalEventMap>(event: E): void {
    const { to, lasting = false } = routes[event] as Route<E>;
    this.events.on(event, (data, origin) => {
      if (origin !== 'here') return;
      const body = JSON.stringify([event, data]);
      for (const channel of to(data)) this.bus.say(channel, 'event', body, { lasting });
    });
  }

  private hear(body: string): void {
    const [event, data] = JSON.parse(body) as [keyof InternalEventMap, never];
    if (!Object.hasOwn(routes, event) || typeof data !== 'object' || data === null) throw new Error('Nobody relays this event.');
    this.events.emit(event, data, 'elsewhere');
  }
}
