import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { developmentSecret } from '../config/development-secret.js';
import { readSettings, SettingsError } from '../config/settings.js';
import { databaseStartFault, DataFolderInUseError, migrate, openDataSource } from '../database/index.js';
import { appointAdmin, AppointmentRefused } from '../modules/auth/index.js';
import { userEntities } from '../modules/users/index.js';
import { afterRestore } from './after-restore.js';
import { verifyErasure } from './verify-erasure.js';

const usage = `Usage: npm run admin -- --email E [--username U]    makes an account admin
       npm run admin -- --after-restore             after a backup was restored, before the server starts
       npm run admin -- --verify-erasure [--id ID] [--email E] [--username U]
                                                    looks for what an erased account left behind; exit code 1: something was found`;

type Wanted = { email: string; username?: string } | 'after-restore' | { erased: { id?: string; email?: string; username?: string } };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function readArguments(): Wanted | null {
  try {
    const { values } = parseArgs({
      options: {
        email: { type: 'string' },
        username: { type: 'string' },
        id: { type: 'string' },
        'after-restore': { type: 'boolean' },
        'verify-erasure': { type: 'boolean' },
      },
    });
    const { email, username, id, 'after-restore': isRestored, 'verify-erasure': isErased } = values;
    if (isErased) {
      const known = {
        ...(id === undefined ? {} : { id }),
        ...(email === undefined ? {} : { email }),
        ...(username === undefined ? {} : { username }),
      };
      const isUsable = !isRestored && Object.keys(known).length > 0 && (id === undefined || uuid.test(id));
      return isUsable ? { erased: known } : null;
    }
    if (id !== undefined) return null;
    if (isRestored) return email === undefined && username === undefined ? 'after-restore' : null;
    return email === undefined ? null : { email, ...(username === undefined ? {} : { username }) };
  } catch {
    return null;
  }
}

/** Does what is wanted, and says in words what it did. */
async function run(wanted: Wanted): Promise<string> {
  if (typeof wanted === 'object' && 'erased' in wanted) {
    const { report, isClean } = await verifyErasure(wanted.erased);
    if (!isClean) process.exitCode = 1;
    return report;
  }
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
    console.error(inWords ? error.message : (databaseStartFault(error, process.env['DATABASE_URL']) ?? error));
    process.exitCode = 1;
  }
}
