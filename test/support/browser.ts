import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

/** Chromium as Debian and others name it, the best first. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** No talk with anybody but the server under test, and nothing that needs a screen. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser, and the end of it. */
export interface RunningBrowser {
  readonly browser: Browser;
  /** Ends it and removes what it wrote. */
  stop(): Promise<void>;
}

function program(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Why there is no browser to test with, or null when there is one.
 * @throws Error instead where `CI=true`: there the tests must not pass without it
 */
export function browserAvailable(): string | null {
  if (program() !== undefined) return null;
  const reason = `No Chromium on the PATH (looked for ${names.join(', ')}); on Debian: apt-get install chromium.`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}

/** `describe` for tests that need a browser. Without one, a single test takes their place and says in words what was not tested. */
export function describeWithBrowser(name: string, tests: () => void): void {
  const reason = browserAvailable();
  if (reason === null) {
    describe(name, tests);
    return;
  }
  describe(name, () => {
    it('is NOT TESTED here: there is no browser', () => console.warn(`Not tested: ${name}. ${reason}`));
  });
}

/**
 * Starts a headless Chromium with an empty profile of its own.
 * @throws Error when there is none (`browserAvailable` says why) or it does not start within 2 minutes
 */
export async function startBrowser(): Promise<RunningBrowser> {
  const executablePath = program();
  if (executablePath === undefined) throw new Error(browserAvailable() ?? 'No browser.');
  const folder = mkdtempSync(join(tmpdir(), 'parley-browser-'));
  const clean = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', clean);
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    // Chromium's own sandbox refuses to run as root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: flags,
    timeout: 120_000,
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, TMPDIR: folder },
  });
  return {
    browser,
    stop: async () => {
      await browser.close();
      process.off('exit', clean);
      clean();
    },
  };
}
