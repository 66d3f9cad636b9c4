/** Calls one after the other, ten more before that do not count. @returns their times in ms, and the CPU of server and database in µs */
export async function timed(call, sample, count) {
  for (let index = 0; index < 10; index++) await call();
  const before = await sample();
  const times = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await call();
    times.push(performance.now() - began);
  }
  const after = await sample();
  return { times, app: after.app - before.app, database: after.database - before.database };
}

/** What several rounds of the same call say together: times in ms, CPU per call in µs. */
export function summary(rounds) {
  const times = rounds.flatMap((round) => round.times).sort((a, b) => a - b);
  const perCall = (key) => rounds.reduce((sum, round) => sum + round[key], 0) / times.length;
  return {
    p50: times[times.length >> 1],
    p99: times[Math.ceil(times.length * 0.99) - 1],
    app: perCall('app'),
    database: perCall('database'),
  };
}

/**
 * Measures everything in turn, so that what else the machine does falls on all alike. The first turn warms up and does not count.
 * @param cells each with a `call`
 * @returns the cells with their summaries in place of the call
 */
export async function inTurns(cells, sample, { turns, count }) {
  const rounds = cells.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, { call }] of cells.entries()) {
      const round = await timed(call, sample, count);
      if (turn > 0) rounds[index].push(round);
    }
  }
  return cells.map(({ call: _call, ...cell }, index) => ({ ...cell, ...summary(rounds[index]) }));
}

/** Calls of one person at a server: the answer's body. @throws Error with the answer, unless it is a success */
export function caller(port, token) {
  const headers = { authorization: `Bearer ${token}` };
  return async (path, init = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { ...init, headers: { ...headers, ...init.headers } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}
