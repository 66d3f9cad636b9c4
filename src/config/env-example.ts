import { variables } from './schema.js';

/** The text of `.env.example`, from the settings' schema: every variable, what it is for, and its default. */
export function envExample(): string {
  const head = [
    '# Every setting of Parley. All are optional in development; an empty variable counts as absent.',
    '# Made by "npm run env:example" from src/config/schema.ts: change it there.',
    '',
  ];
  const body = Object.entries(variables).flatMap(([name, variable]: [string, { about: string; default?: string; example?: string }]) => [
    `# ${variable.about}`,
    `#${name}=${variable.default ?? variable.example ?? ''}`,
    '',
  ]);
  return [...head, ...body].join('\n');
}
