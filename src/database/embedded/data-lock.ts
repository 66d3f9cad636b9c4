import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolderInUseError } from '../database-errors.js';
import { ask, listen, type Reply } from './lock-channel.js';

export interface DataLock {
  /** Gives the folder free. */
  release(): Promise<void>;
}

interface Claim {
  state: 'candidate' | 'holder';
  pid: number;
  host: string;
  /** ISO 8601. */
  since: string;
}

const patienceMs = 1_000;
/** So often a listener must stay silent before it counts as frozen. */
const silences = 4;
/** A candidate decides within milliseconds; one that does not is frozen. */
const decisionMs = 15_000;

/**
 * Takes the data folder for this process alone. Two processes on one folder would destroy the database.
 *
 * Each process that wants the folder listens on a socket of its own inside, so the kernel tells who is alive: a killed process answers
 * nobody, and nothing has to time out. A process id would not do, because ids repeat in containers. Of several that start at once exactly one wins
 * (see `outbid`). Not for folders shared between machines over a network: sockets do not reach across.
 * @param dataDir must exist
 * @throws DataFolderInUseError with a sentence for the operator
 */
export async function lockDataFolder(dataDir: string): Promise<DataLock> {
  const folder = await realpath(dataDir);
  const claim: Claim = { state: 'candidate', pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const server = process.platform === 'win32' ? await holdPipe(folder, claim) : await holdSocket(folder, claim);
  claim.state = 'holder';
  return { release: async () => close(server) };
}

interface Listener {
  stop(): Promise<void>;
}

/** Windows ends a pipe with its process and lets nobody open it twice, so the name alone is the lock. */
async function holdPipe(folder: string, claim: Claim): Promise<Listener> {
  const path = `\\\\.\\pipe\\parley-${createHash('sha256').update(folder.toLowerCase()).digest('hex').slice(0, 32)}`;
  try {
    return listener(await listen(path, () => JSON.stringify(claim)));
  } catch (error) {
    const reply = await ask(path, patienceMs);
    throw reply.alive ? inUse(folder, reply) : error;
  }
}

async function holdSocket(folder: string, claim: Claim): Promise<Listener> {
  const room = join(folder, 'pg.lock');
  await mkdir(room, { recursive: true, mode: 0o700 });
  const name = `${randomBytes(6).toString('hex')}.sock`;
  const server = await listen(join(room, `${name}.new`), () => JSON.stringify(claim)).catch((cause: unknown) => {
    throw new Error(
      `The data folder ${folder} cannot be locked: its file system takes no sockets, or no new files. Choose another DATA_DIR.`,
      { cause },
    );
  });
  const mine: Listener = listener(server, join(room, name));
  try {
    // Under the final name a socket listens already: between bind and listen it would look dead.
    await rename(join(room, `${name}.new`), join(room, name));
    await outbid(folder, room, name);
    return mine;
  } catch (error) {
    await mine.stop();
    throw error;
  }
}

/**
 * Settles who of those that are alive in `room` gets the folder. Everyone makes its socket visible before it looks around, so of any two at
 * least the later one sees the other. Whoever sees a holder, or a candidate with a smaller name, withdraws; whoever sees a candidate with a
 * greater name waits until that one has decided. So there is never a second holder, and among candidates the smallest name wins.
 */
async function outbid(folder: string, room: string, mine: string): Promise<void> {
  const deadline = Date.now() + decisionMs;
  for (const name of await readdir(room)) {
    if (name === mine || !name.endsWith('.sock')) continue;
    for (let silent = 0; ;) {
      const reply = await ask(join(room, name), patienceMs);
      if (!reply.alive) {
        // Names are never used twice, so this can only take away what the dead left behind.
        await rm(join(room, name), { force: true });
        break;
      }
      const claim = claimOf(reply);
      // No words: frozen, or it withdrew while this one asked, which the next question shows.
      const refused = claim ? claim.state === 'holder' || name < mine || Date.now() > deadline : ++silent === silences;
      if (refused) throw inUse(folder, reply);
      await sleep(10);
    }
  }
}

function listener(server: Server, path?: string): Listener {
  return {
    stop: async () => {
      // The file goes first: what is visible must be alive.
      if (path) await rm(path, { force: true });
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function close(held: Listener): Promise<void> {
  await held.stop();
}

function claimOf(reply: Reply): Claim | undefined {
  if (!reply.alive || reply.words === '') return undefined;
  try {
    return JSON.parse(reply.words) as Claim;
  } catch {
    return undefined;
  }
}

function inUse(folder: string, reply: Reply): DataFolderInUseError {
  const claim = claimOf(reply);
  const holder = claim
    ? `process ${claim.pid} on ${claim.host}, since ${claim.since}`
    : 'a process that does not answer (frozen, or of another user)';
  return new DataFolderInUseError(
    `The data folder ${folder} is in use by ${holder}. Two processes on one embedded database would destroy it. ` +
      'Stop the other one, or give this one its own DATA_DIR, or set DATABASE_URL to run several processes on one PostgreSQL server.',
  );
}
