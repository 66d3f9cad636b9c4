export { Indexer } from './indexer.js';
export { SearchErasure } from './search-erasure.js';
export { SearchModule } from './search.module.js';
