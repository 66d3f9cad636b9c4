export * from './docs.module.js';
export * from './openapi.js';
export * from './asyncapi.js';
export * from './postman.js';
export * from './endpoint-errors.js';
