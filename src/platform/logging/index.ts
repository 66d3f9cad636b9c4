export * from './pino-logger.js';
export * from './redact.js';
