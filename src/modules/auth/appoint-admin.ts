import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newToken } from '../../common/keys.js';
import { parseInput } from '../../common/parse.js';
import { email as emailField, username as usernameField } from '../../contracts/index.js';
import { inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { UserAccounts } from '../users/index.js';
import { hashPassword } from './passwords/password-hasher.js';

/** Why nobody was made admin, in words for the person at the terminal. */
export class AppointmentRefused extends Error {}

/**
 * Makes an existing active account admin; with a username, makes the account where there is none, with a random password that is told once.
 * A running server hears of the new role within a minute. There is no admin from the start: this command, on the server's own machine, is
 * the way to the first one.
 * @returns what was done, in words
 * @throws AppointmentRefused
 */
export async function appointAdmin(source: DataSource, wanted: { email: string; username?: string }): Promise<string> {
  const accounts = UserAccounts.standalone(source, new InternalEvents());
  const account = await accounts.byEmail(wanted.email);
  if (!account || (account.status === 'inactive' && wanted.username !== undefined)) return create(source, accounts, wanted);
  if (account.status === 'inactive') {
    throw new AppointmentRefused(
      `The account of ${account.email} waits for its activation. Activate it with the mailed code first, or give --username to replace it.`,
    );
  }
  if (account.status === 'deactivated') throw new AppointmentRefused(`The account of ${account.email} was deactivated.`);
  if (account.role === 'admin') return `${account.username} (${account.email}) is admin already.`;
  await inTransaction(source, async (manager) => accounts.setRole(manager, account.id, 'admin'));
  return `${account.username} (${account.email}) is admin now. A running server knows it within a minute.`;
}

async function create(source: DataSource, accounts: UserAccounts, wanted: { email: string; username?: string }): Promise<string> {
  if (wanted.username === undefined) {
    throw new AppointmentRefused(`There is no account of ${wanted.email}. Register it first, or give --username to create it as admin.`);
  }
  const email = checked('email', () => parseInput(emailField, wanted.email));
  const username = checked('username', () => parseInput(usernameField, wanted.username));
  const password = newToken().slice(0, 24);
  const passwordHash = await hashPassword(password);
  try {
    await inTransaction(source, async (manager) => {
      await accounts.claimUsername(manager, username, email);
      await accounts.create(manager, {
        email,
        username,
        passwordHash,
        firstName: '',
        lastName: '',
        locale: 'en',
        details: { accountType: 'member' },
        status: 'active',
        role: 'admin',
      });
    });
  } catch (error) {
    if (error instanceof AppError) throw new AppointmentRefused(`Nobody was created: ${error.message}`);
    throw error;
  }
  return `${username} (${email}) was created as admin. The password, told this once: ${password}`;
}

function checked(name: string, parse: () => string): string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof AppError) throw new AppointmentRefused(`--${name} ${error.errors?.[0]?.message ?? error.message}.`);
    throw error;
  }
}
