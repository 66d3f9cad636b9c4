// Loaded into a server under test: it dies between the commit of a batch and its answers. DIES_AT_COMMIT says at which one; 0: at none.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { WriterRepository } = await import(pathToFileURL(resolve('dist/server/modules/messages/writer.repository.js')).href);
const write = WriterRepository.prototype.write;
const last = Number(process.env.DIES_AT_COMMIT);
let commits = 0;
WriterRepository.prototype.write = async function (rows) {
  const results = await write.call(this, rows);
  if (++commits === last) process.kill(process.pid, 'SIGKILL');
  return results;
};
