import 'reflect-metadata';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { developmentSecret } from '../config/development-secret.js';
import { readSettings } from '../config/settings.js';
import { type DatabaseSettings, migrate, openDataSource, revert } from '../database/index.js';
import { migrations } from '../database/migrations/index.js';
import { migrationsIndex, migrationSource } from './migration-source.js';

const usage = `Usage:
  npm run migration:generate -- NAME   write a migration from what differs between the entities and the database
  npm run migration:run                bring the database up to date
  npm run migration:revert             take the last migration back`;

/** A mistake of the person at the keyboard: told in words, without a stack. */
class UsageError extends Error {}

async function main([command, name]: string[]): Promise<void> {
  if (command === 'generate') {
    // Before the database is opened, which takes seconds.
    const checked = checkedName(name);
    return withDatabase(async (source) => generate(source, checked));
  }
  if (command === 'run') return withDatabase(runPending);
  if (command === 'revert') return withDatabase(revertLast);
  throw new UsageError(usage);
}

async function runPending(source: DataSource): Promise<void> {
  const ran = await migrate(source);
  console.log(ran.length === 0 ? 'The database is up to date.' : `Done: ${ran.join(', ')}.`);
}

async function revertLast(source: DataSource): Promise<void> {
  await revert(source);
  console.log('The last migration was taken back.');
}

async function generate(source: DataSource, name: string): Promise<void> {
  if (await source.showMigrations())
    throw new UsageError('Some migrations have not run on this database yet. Run npm run migration:run first.');
  const changes = await source.driver.createSchemaBuilder().log();
  if (changes.upQueries.length === 0) {
    console.log('Entities and database agree; there is nothing to write.');
    return;
  }
  const folder = resolve('src/database/migrations');
  const file = `${Date.now()}-${name}.ts`;
  writeFileSync(join(folder, file), migrationSource(file, changes), { flag: 'wx' });
  const files = readdirSync(folder).filter((entry) => /^\d+-.+\.ts$/.test(entry));
  writeFileSync(
    join(folder, 'index.ts'),
    migrationsIndex(new Map(files.map((entry) => [entry, readFileSync(join(folder, entry), 'utf8')]))),
  );
  console.log(`Written: src/database/migrations/${file}. Read it before you run it.`);
}

function checkedName(name: string | undefined): string {
  if (name === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new UsageError(`A migration needs a name in lower case with hyphens, for example add-avatar.\n\n${usage}`);
  }
  return name;
}

async function withDatabase(work: (source: DataSource) => Promise<void>): Promise<void> {
  const settings = readSettings(process.env, developmentSecret);
  const database: DatabaseSettings = { databaseUrl: settings.databaseUrl, dataDir: settings.dataDir };
  const { entities } = await import('../entities.js');
  const source = await openDataSource(database, { entities, migrations });
  try {
    await work(source);
  } finally {
    await source.destroy();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(
    error instanceof Error && (error instanceof UsageError || ['SettingsError', 'DataFolderInUseError'].includes(error.name))
      ? error.message
      : error,
  );
  process.exitCode = 1;
}
