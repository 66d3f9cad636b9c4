import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';

const database = (query: () => Promise<unknown>) => new Health({ query: query as never });

describe('readiness tells the truth', () => {
  it('ready while the database answers', async () => {
    await expect(database(async () => [1]).readiness()).resolves.toMatchObject({ status: 'ok', checks: { database: { status: 'ok' } } });
  });

  it('not ready when the database is lost, and ready again when it is back', async () => {
    let lost = true;
    const health = database(async () => {
      if (lost) throw new Error('ECONNREFUSED');
    });
    await expect(health.readiness()).resolves.toMatchObject({ status: 'unavailable', checks: { database: { status: 'unavailable' } } });
    lost = false;
    await expect(health.readiness()).resolves.toMatchObject({ status: 'ok' });
  });

  it('answers within seconds when the database is silent, and asks anew the next time', async () => {
    let asked = 0;
    const health = database(() => {
      asked += 1;
      return asked === 1 ? new Promise(() => undefined) : Promise.resolve([1]);
    });
    const start = performance.now();
    const first = await Promise.all([health.readiness(), health.readiness()]);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(first.map(({ status }) => status)).toEqual(['unavailable', 'unavailable']);
    expect(asked).toBe(1);
    await expect(health.readiness()).resolves.toMatchObject({ status: 'ok' });
  });

  it('serves without the Redis that is configured, and says so', async () => {
    const redis = { state: 'lost' };
    const health = new Health({ query: async () => [1] as never }, redis as never);
    await expect(health.readiness()).resolves.toMatchObject({ status: 'degraded', checks: { redis: { status: 'unavailable' } } });
    redis.state = 'ready';
    await expect(health.readiness()).resolves.toMatchObject({ status: 'ok', checks: { redis: { status: 'ok' } } });
  });

  it('not ready from the moment of stopping on', async () => {
    const health = database(async () => [1]);
    health.onModuleDestroy();
    await expect(health.readiness()).resolves.toMatchObject({ status: 'stopping' });
  });
});
