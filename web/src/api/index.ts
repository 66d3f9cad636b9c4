/** The typed client of Parley: REST, session and live socket. It knows no user interface and can be published alone. */
export * from './fault.js';
export * from './rest.js';
export * from './session.js';
export type * from './wire.js';
