export { HomeCounters } from './home-counters.js';
export { HomeModule } from './home.module.js';
