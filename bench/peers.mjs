import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainClient, SocketIoClient } from './load/chat-client.mjs';
import { startServer } from './server-process.mjs';

const baseline = (name) => fileURLToPath(new URL(`./baselines/${name}.mjs`, import.meta.url));
const secret = 'a secret of the benchmark, good for nothing else: 0123456789abcdef';
const socketIo = (query = '') => `/socket.io/?EIO=4&transport=websocket${query}`;

/** What the seed makes. */
export const people = 3_000;
const rooms = 211;

/** A server that was started for the benchmark, and how its clients speak. */
class Peer {
  constructor(name, house, { Client, path, token = () => '' }) {
    this.name = name;
    this.house = house;
    this.Client = Client;
    this.path = path;
    this.token = token;
  }

  get server() {
    return this.house.server;
  }

  /** Connects (and signs in, where there is something to sign in to). */
  async connect(person) {
    const client = new this.Client();
    await client.open(this.server.port, this.path(this.token(person)));
    return client;
  }
}

/** A baseline's own small protocol. */
class BaselinePeer extends Peer {
  async join(client, room) {
    await client.request('join', { room: `r${room + 1}` });
    return `r${room + 1}`;
  }

  messageFrame(client, id, room, content) {
    return client.command(id, 'message', { room, content });
  }
}

class ParleyPeer extends Peer {
  async join(client, room, since = {}) {
    const { data } = await client.request('room.join', { room: `r${room + 1}`, ...since });
    return data.room.id;
  }

  messageFrame(client, id, room, content) {
    return client.command(id, 'message.send', { room, content, clientId: `${this.house.run}-${room.slice(-12)}-${id}` });
  }
}

/** Parley on several nodes, people spread over them in turn. */
class NodesPeer extends ParleyPeer {
  async connect(person) {
    const client = new this.Client();
    await client.open(this.server.ports[this.nodeOf(person)], this.path(this.token(person)));
    return client;
  }

  /** At which node a person is. */
  nodeOf(person) {
    return person % this.server.ports.length;
  }
}

/** One server program and its database; started when first needed, and anew for the cells that measure memory. */
class House {
  server = null;
  #runs = 0;

  constructor(name, start, prepare = async () => undefined) {
    this.name = name;
    this.start = start;
    this.prepare = prepare;
  }

  /** Differs for every load, so that no client id comes twice. */
  run = '';

  async up() {
    this.run = `${this.name}.${this.#runs++}`;
    this.server ??= await this.start();
    return this.server;
  }

  async down() {
    const { server } = this;
    this.server = null;
    await server?.stop();
  }
}

/** Several server processes that are started and stopped as one. */
async function startNodes(dist, env, nodes, flags) {
  const servers = [];
  for (let node = 1; node <= nodes; node++) servers.push(await startServer(`node ${node}`, join(dist, 'main.js'), { env, flags }));
  return {
    ports: servers.map(({ port }) => port),
    cpu: () => servers.reduce((sum, server) => sum + server.cpu(), 0),
    stop: async () => Promise.all(servers.map((server) => server.stop())),
  };
}

/**
 * Parley on one node and on several, all on one database; with several, on one Redis.
 * @param most how many nodes at most
 */
export async function makeNodes(postgres, redis, { dist, most, flags = [] }) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const env = parleyEnvironment(postgres, folder);
  await postgres.ask('postgres', 'CREATE DATABASE parley');
  const tokens = seed(dist, env, join(folder, 'tokens.json'));
  return Array.from({ length: most }, (_, index) => {
    const nodes = index + 1;
    const house = new House(`nodes-${nodes}`, () => startNodes(dist, nodes === 1 ? env : { ...env, REDIS_URL: redis.url }, nodes, flags));
    const speak = { Client: PlainClient, path: (token) => `/ws/?token=${token}`, token: (person) => tokens[person].token };
    return new NodesPeer(`nodes-${nodes}`, house, speak);
  });
}

/**
 * All peers by name, in the order of the table.
 * @param postgres the running database
 * @param dist the folder of the built server
 */
export async function makePeers(postgres, { dist, flags = [], names }) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const wanted = (name) => names.length === 0 || names.includes(name);

  const parleyEnv = parleyEnvironment(postgres, folder);
  const naiveEnv = { DATABASE_URL: postgres.url('naive'), JWT_ACCESS_SECRET: secret };
  const bareWs = new House('ws-bare', () => startServer('ws-bare', baseline('ws-bare')));
  const bareIo = new House('sio-bare', () => startServer('sio-bare', baseline('sio-bare')));
  const naive = new House('sio-naive', () => startServer('sio-naive', baseline('sio-naive'), { env: naiveEnv }));
  const parley = new House('parley', () => startServer('parley', join(dist, 'main.js'), { env: parleyEnv, flags }));

  let tokens = [];
  if (wanted('parley-plain') || wanted('parley-sio')) {
    await postgres.ask('postgres', 'CREATE DATABASE parley');
    tokens = seed(dist, parleyEnv, join(folder, 'tokens.json'));
  }
  if (wanted('sio-naive')) {
    await postgres.ask('postgres', 'CREATE DATABASE naive');
    await naive.up();
    await postgres.ask('naive', `INSERT INTO person (id, username) SELECT n, 'u' || n FROM generate_series(1, ${people}) n`);
  }
  const jwt = createRequire(import.meta.url)('jsonwebtoken');
  const naiveTokens = new Map();
  const naiveToken = (person) => {
    if (!naiveTokens.has(person)) naiveTokens.set(person, jwt.sign({ sub: String(person + 1) }, secret));
    return naiveTokens.get(person);
  };
  const parleyToken = (person) => tokens[person].token;

  const peers = [
    new BaselinePeer('ws-bare', bareWs, { Client: PlainClient, path: () => '/' }),
    new BaselinePeer('sio-bare', bareIo, { Client: SocketIoClient, path: () => socketIo() }),
    new BaselinePeer('sio-naive', naive, { Client: SocketIoClient, path: (token) => socketIo(`&token=${token}`), token: naiveToken }),
    new ParleyPeer('parley-plain', parley, { Client: PlainClient, path: (token) => `/ws/?token=${token}`, token: parleyToken }),
    new ParleyPeer('parley-sio', parley, { Client: SocketIoClient, path: (token) => socketIo(`&token=${token}`), token: parleyToken }),
  ];
  return { peers: peers.filter((peer) => wanted(peer.name)), tokens };
}

function parleyEnvironment(postgres, folder) {
  return {
    NODE_ENV: 'development',
    DATABASE_URL: postgres.url('parley'),
    DATA_DIR: folder,
    JWT_ACCESS_SECRET: secret,
    RATE_LIMIT_SCALE: '100000',
    LOG_LEVEL: 'warn',
    ACCESS_TOKEN_TTL: '1d',
  };
}

/** People, and rooms that are still empty: whoever joins one becomes a member. */
function seed(dist, env, file) {
  const plans = [
    ['--users', people, '--tokens', file],
    ['--rooms', rooms],
  ];
  for (const plan of plans) {
    const script = join(dist, 'cli/seed.js');
    const done = spawnSync(process.execPath, [script, ...plan.map(String)], { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`The seed failed: ${done.stderr}`);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
