export { everyNode, NodeBus, nodeChannel, personChannel, roomChannel, type SayOptions } from './node-bus.js';
export { NodesModule } from './nodes.module.js';
export type { SignalKind } from './signal.js';
