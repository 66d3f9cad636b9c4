import { developmentSecret } from '../config/development-secret.js';
import { readSettings } from '../config/settings.js';
import { openDataSource } from '../database/index.js';
import { findResidue, findStrayObjects } from '../modules/privacy/index.js';
import { openStorage } from '../platform/storage/index.js';

/**
 * Looks for an erased person in the database and for files that belong to nothing in the storage, and says what it found.
 * @returns the report, and whether nothing is left
 */
export async function verifyErasure({
  id,
  email,
  username,
}: {
  id?: string;
  email?: string;
  username?: string;
}): Promise<{ report: string; isClean: boolean }> {
  const settings = readSettings(process.env, developmentSecret);
  const source = await openDataSource({ databaseUrl: settings.databaseUrl, dataDir: settings.dataDir }, { entities: [] });
  const storage = await openStorage(settings);
  try {
    const { found, spoken } = await findResidue(source, {
      id,
      emails: email === undefined ? [] : [email],
      usernames: username === undefined ? [] : [username],
    });
    const strays = (await findStrayObjects(source, storage)).map((key) => `storage: ${key} belongs to nothing`);
    const lines = [...found, ...strays];
    return {
      report: [
        ...(lines.length === 0 ? ['Nothing is left.'] : ['Found:', ...lines.map((line) => `  ${line}`)]),
        ...(spoken.length === 0 ? [] : ['In what people wrote (others may speak of somebody):', ...spoken.map((line) => `  ${line}`)]),
      ].join('\n'),
      isClean: lines.length === 0,
    };
  } finally {
    await storage.close();
    await source.destroy();
  }
}
