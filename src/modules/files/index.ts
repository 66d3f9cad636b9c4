export { attachSql } from './attach-sql.js';
export { FileAccess, type AttachedFile, type FileRule, type FileRuleOptions } from './file-access.js';
export { FileAddresses } from './file-addresses.js';
export { FilesModule } from './files.module.js';
export { type FileDemands, FilesService } from './files.service.js';
