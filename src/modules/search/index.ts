export { Indexer } from './indexer.js';
export { SearchModule } from './search.module.js';
