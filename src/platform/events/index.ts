export * from './internal-events.js';
export { EventsModule } from './events.module.js';
