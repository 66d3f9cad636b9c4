export * from './serve-web.js';
