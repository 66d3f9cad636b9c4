import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Visitor } from './visitor.js';

/** Where the pictures of the pages go. Git ignores it; people look at them. */
export const screenshots = join('test', 'browser', 'screenshots');

/** A phone and a computer, in CSS pixels. */
export const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

/** Goes to a page and waits until it shows what it is about. */
export type Scene = (visitor: Visitor) => Promise<void>;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe found, as far as it is of interest here. */
interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** Colours are all that differs in the dark. */
const rules = {
  light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  dark: { type: 'rule', values: ['color-contrast'] },
} as const;

/** Shows scenes one after the other at a size. @returns what is wrong with them, in words */
export async function inspectAll(visitor: Visitor, scenes: Readonly<Record<string, Scene>>, width: number): Promise<string[]> {
  const findings: string[] = [];
  for (const [name, show] of Object.entries(scenes)) {
    await show(visitor);
    findings.push(...(await inspect(visitor, name, width)));
  }
  return findings;
}

/** A picture in light and dark, what axe says of both, and whether the page is wider than the window. */
export async function inspect({ page }: Visitor, name: string, width: number): Promise<string[]> {
  const findings: string[] = [];
  await page.evaluate(`${axe};0`);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    const violations = await page.evaluate<Violation[]>(
      `axe.run(document, { runOnly: ${JSON.stringify(rules[colorScheme])}, resultTypes: ['violations'] }).then(({ violations }) => violations)`,
    );
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      findings.push(
        `${name} ${width} ${colorScheme}: ${impact} ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ''}`).join('\n')}`,
      );
    }
  }
  if (await isTooWide(page)) findings.push(`${name} ${width}: wider than the window`);
  // These fill the window, and scroll within.
  if (await page.evaluate<boolean>("document.querySelector('.chat, .framed') && document.documentElement.scrollHeight > innerHeight"))
    findings.push(`${name} ${width}: higher than the window`);
  return findings;
}

/** Whether one would have to scroll sideways. */
export async function isTooWide(page: Visitor['page']): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
}
