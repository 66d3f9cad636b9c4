/** One statement as TypeORM's schema builder plans it. */
export interface PlannedQuery {
  query: string;
  parameters?: unknown[];
}

export interface PlannedChanges {
  upQueries: readonly PlannedQuery[];
  downQueries: readonly PlannedQuery[];
}

/**
 * The text of a migration.
 * @param file its name, `<timestamp>-<words-with-hyphens>.ts`
 */
export function migrationSource(file: string, changes: PlannedChanges): string {
  // Undone in the order of done, backwards.
  const down = [...changes.downQueries].reverse();
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className(file)} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
${changes.upQueries.map(statement).join('\n')}
  }

  async down(runner: QueryRunner): Promise<void> {
${down.map(statement).join('\n')}
  }
}
`;
}

/**
 * The text of the list of all migrations, oldest first.
 * @param files name to text of every migration
 * @throws Error for a file that exports no class
 */
export function migrationsIndex(files: ReadonlyMap<string, string>): string {
  const names = [...files.keys()].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const classes = names.map((name) => {
    const found = /export class (\w+) implements MigrationInterface/.exec(files.get(name) ?? '')?.[1];
    if (found === undefined) throw new Error(`${name} exports no class that implements MigrationInterface.`);
    return found;
  });
  return `import type { MigrationInterface } from 'typeorm';
${names.map((name, index) => `import { ${classes[index]} } from './${name.replace(/\.ts$/, '.js')}';`).join('\n')}

/** Every migration, oldest first. */
export const migrations: (new () => MigrationInterface)[] = ${list(classes)};
`;
}

/** As the formatter likes it: on one line while that is short enough. */
function list(classes: readonly string[]): string {
  const line = `[${classes.join(', ')}]`;
  return line.length <= 70 ? line : `[\n${classes.map((name) => `  ${name},\n`).join('')}]`;
}

/** `1763700000000-add-avatar.ts` gives `AddAvatar1763700000000`; TypeORM takes the time from the end of the name. */
function className(file: string): string {
  const [timestamp, ...words] = file.replace(/\.ts$/, '').split('-');
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}${timestamp}`;
}

function statement({ query, parameters }: PlannedQuery): string {
  const values = parameters && parameters.length > 0 ? `, ${JSON.stringify(parameters)}` : '';
  return `    await runner.query(${templateLiteral(query)}${values});`;
}

/**
 * Names and defaults in the SQL come from the database too, so whoever may name a column there must not be able to write code here
 * (CVE-2026-73651).
 */
function templateLiteral(text: string): string {
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
}
