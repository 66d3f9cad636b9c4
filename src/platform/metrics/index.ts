export * from './metrics.js';
export * from './metrics.module.js';
export { mergeTexts } from './merge-texts.js';
export { isDirectLoopback } from './metrics.controller.js';
export type { Counter } from 'prom-client';
