import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { developmentSecret } from '../config/development-secret.js';
import { readSettings, SettingsError } from '../config/settings.js';
import { DataFolderInUseError, migrate, openDataSource } from '../database/index.js';
import { appointAdmin, AppointmentRefused } from '../modules/auth/index.js';
import { userEntities } from '../modules/users/index.js';
import { afterRestore } from './after-restore.js';

const usage = `Usage: npm run admin -- --email E [--username U]    makes an account admin
       npm run admin -- --after-restore             after a backup was restored, before the server starts`;

type Wanted = { email: string; username?: string } | 'after-restore';

function readArguments(): Wanted | null {
  try {
    const { values } = parseArgs({
      options: { email: { type: 'string' }, username: { type: 'string' }, 'after-restore': { type: 'boolean' } },
    });
    const { email, username } = values;
    if (values['after-restore']) return email === undefined && username === undefined ? 'after-restore' : null;
    return email === undefined ? null : { email, ...(username === undefined ? {} : { username }) };
  } catch {
    return null;
  }
}

/** Does what is wanted, and says in words what it did. */
async function run(wanted: Wanted): Promise<string> {
  const settings = readSettings(process.env, developmentSecret);
  const source = await openDataSource({ databaseUrl: settings.databaseUrl, dataDir: settings.dataDir }, { entities: [...userEntities] });
  try {
    await migrate(source);
    return wanted === 'after-restore' ? await afterRestore(source) : await appointAdmin(source, wanted);
  } finally {
    await source.destroy();
  }
}

const wanted = readArguments();
if (!wanted) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    console.log(await run(wanted));
  } catch (error) {
    const inWords = error instanceof SettingsError || error instanceof DataFolderInUseError || error instanceof AppointmentRefused;
    console.error(inWords ? error.message : error);
    process.exitCode = 1;
  }
}
