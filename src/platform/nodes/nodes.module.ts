import { Global, Module } from '@nestjs/common';
import { EventRelay } from './event-relay.js';
import { NodeBus } from './node-bus.js';
import { SignalTable } from './signal-table.js';

/** Global: what happens on one node and matters on others is said through the `NodeBus`. */
@Global()
@Module({ providers: [EventRelay, NodeBus, SignalTable], exports: [NodeBus] })
export class NodesModule {}
