export { ErasureWorker } from './deletion/erasure-worker.js';
export { ExportWorker } from './exports/export-worker.js';
export { PrivacyModule } from './privacy.module.js';
export { type ErasedPerson, findResidue, type Residue } from './residue/residue-scan.js';
export { findStrayObjects } from './residue/stray-objects.js';
