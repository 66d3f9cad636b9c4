import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { describeWithNodes, type RunningRedis, startRedis } from '../../support/redis.js';
import { endLeftovers, type ServerProcess, startServer } from '../../support/server-process.js';
import { until } from '../../support/until.js';

type Client = SocketIoClient | PlainClient;
const names = ['ann', 'bob', 'carl', 'dora', 'emil'] as const;

describeWithNodes('the people of a node that is killed', () => {
  let postgres: RunningPostgres;
  let redis: RunningRedis;
  let nodes: ServerProcess[];
  const people = {} as Record<(typeof names)[number], TestPerson>;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      REDIS_URL: redis.url,
      JWT_ACCESS_SECRET: 'q7Zt0mXv9RkPw2LfYc5HdJs8BnGa3UeE6iOxTl1VrKy4',
    };
    nodes = [await startServer(environment), await startServer(environment), await startServer(environment)];
    for (const name of names) people[name] = await newPerson({ anonymous: nodes[0]!.rest }, name);
  });
  afterAll(async () => {
    endLeftovers();
    await redis?.stop();
    await postgres?.stop();
  });

  const plain = async (node: number, name: keyof typeof people) =>
    PlainClient.connect(`${nodes[node]!.url.replace('http', 'ws')}/ws/?token=${people[name].access}`);
  const io = async (node: number, name: keyof typeof people) =>
    SocketIoClient.connect(nodes[node]!.url, { auth: { token: people[name].access } });

  it('leave once, when its lease is over, but for those who are elsewhere', async () => {
    const { body } = await nodes[0]!.rest.as(people.ann.access).post('/rooms', { name: 'lease', kind: 'public', members: names.slice(1) });
    const room = body.room.id as string;
    const enter = async <C extends Client>(client: C): Promise<C> => {
      expect(await client.command('room.join', { room })).toMatchObject({ ok: true });
      return client;
    };
    const count = async (node: number) =>
      (await nodes[node]!.rest.as(people.ann.access).get(`/rooms/${room}`)).body.room.onlineCount as number;
    const left = (client: Client) =>
      client.inbox.all.flatMap((one) =>
        one.event === 'room.user_leave' ? [(one.data as { user: { username: string } }).user.username] : [],
      );

    const watchers = [await enter(await plain(0, 'ann')), await enter(await io(2, 'ann'))];
    // Bob is on two nodes, Carl moves to another node, Dora and Emil have sockets on the killed one alone.
    await enter(await io(1, 'bob'));
    await enter(await plain(2, 'bob'));
    for (const name of ['carl', 'dora', 'emil'] as const) await enter(await plain(1, name));
    await enter(await plain(1, 'dora'));
    for (const node of [0, 1, 2]) await until(`node ${node} counts five`, async () => (await count(node)) === 5);

    await nodes[1]!.end('SIGKILL');
    const killed = performance.now();
    await enter(await plain(0, 'carl'));
    for (const node of [0, 2]) await until(`node ${node} counts three`, async () => (await count(node)) === 3);
    expect(performance.now() - killed).toBeLessThan(30_000);
    for (const watcher of watchers) {
      await until('both were told', () => left(watcher).length === 2);
      expect(left(watcher).sort()).toEqual(['dora', 'emil']);
      expect(watcher.inbox.all.filter(({ event }) => event === 'room.user_join')).toHaveLength(5);
    }
    const { data } = (await watchers[0]!.command('room.join', { room })) as { data: { online: { username: string }[] } };
    expect(data.online.map(({ username }) => username).sort()).toEqual(['ann', 'bob', 'carl']);
  });
});
