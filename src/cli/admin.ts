import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { developmentSecret } from '../config/development-secret.js';
import { readSettings, SettingsError } from '../config/settings.js';
import { DataFolderInUseError, migrate, openDataSource } from '../database/index.js';
import { appointAdmin, AppointmentRefused } from '../modules/auth/index.js';
import { userEntities } from '../modules/users/index.js';

const usage = 'Usage: npm run admin -- --email E [--username U]';

function readArguments(): { email: string; username?: string } | null {
  try {
    const { values } = parseArgs({ options: { email: { type: 'string' }, username: { type: 'string' } } });
    const { email, username } = values;
    return email === undefined ? null : { email, ...(username === undefined ? {} : { username }) };
  } catch {
    return null;
  }
}

/** Makes an account admin, and says in words what it did. */
async function run(wanted: { email: string; username?: string }): Promise<string> {
  const settings = readSettings(process.env, developmentSecret);
  const source = await openDataSource({ databaseUrl: settings.databaseUrl, dataDir: settings.dataDir }, { entities: [...userEntities] });
  try {
    await migrate(source);
    return await appointAdmin(source, wanted);
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
