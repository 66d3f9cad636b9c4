import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { freshDataFolder } from '../support/database-templates.js';
import { newPerson, type TestPerson } from '../support/people.js';
import { endLeftovers, failedStart, type ServerProcess, startServer } from '../support/server-process.js';
import { freePort } from '../support/settings.js';
import { lightLoad, runCase, stage, times } from './support/cases.js';
import type { Place } from './support/load.js';
import { tellStory } from './support/story.js';
import { storedByHistory } from './support/truth.js';

/** A server that is alone, with its database inside. */
async function startAlone(): Promise<{ server: ServerProcess; ann: TestPerson; place: Place }> {
  const server = await startServer({ DATA_DIR: await freshDataFolder() });
  const ann = await newPerson({ anonymous: server.rest }, 'ann');
  return { server, ann, place: { urls: [server.url], stored: async (roomId) => storedByHistory(ann.rest, roomId) } };
}

describe('the embedded database', () => {
  const folders: string[] = [];
  afterAll(() => {
    endLeftovers();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('R28: the server is killed under load, and starts again with everything that it acknowledged', async () => {
    const alone = await startAlone();
    let { server } = alone;
    folders.push(server.dataDir);
    await runCase('R28', alone.place, alone.ann, { writersOfEach: 2, readersOfEach: 2 }, async (load) => {
      let failedStarts = 0;
      for (let round = 0; round < times(5, 20); round++) {
        await load.more(150);
        expect(await server.end('SIGKILL')).toBe('SIGKILL');
        try {
          server = await startServer({ DATA_DIR: server.dataDir, PORT: String(server.port) });
        } catch {
          failedStarts++;
          break;
        }
      }
      return { zero: { failedStarts }, told: { kills: times(5, 20) } };
    });
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('R29: a second server on the same folder refuses to start, in words, and the first one notices nothing', async () => {
    const { server, ann, place } = await startAlone();
    folders.push(server.dataDir);
    await runCase('R29', place, ann, {}, async (load) => {
      let [started, unclear] = [0, 0];
      for (let round = 0; round < 5; round++) {
        const second = await failedStart({ DATA_DIR: server.dataDir, PORT: String(await freePort()) });
        if (second.code !== 1) started++;
        if (!second.output.includes(server.dataDir) || !second.output.includes(String(server.child.pid))) unclear++;
        await load.more(20);
      }
      return { zero: { started, unclear, failedSends: load.writers.reduce((sum, { failures }) => sum + failures, 0) } };
    });
    expect(await server.end('SIGTERM')).toBe(0);
  });
});

describe('the embedded database and three nodes', () => {
  const here = stage();
  const folders: string[] = [];
  afterAll(() => {
    endLeftovers();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('R30: tell the same story', async () => {
    const { server, place, ann } = await startAlone();
    folders.push(server.dataDir);
    await runCase('R30', place, ann, lightLoad, async () => {
      const [alone, together] = [await tellStory([server.url]), await tellStory(here.cluster.urls)];
      const differing = alone.filter((line, n) => line !== together[n]);
      if (differing.length > 0) expect(together).toEqual(alone);
      return { zero: { differing: differing.length + Math.abs(alone.length - together.length) }, told: { answers: alone.length } };
    });
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
