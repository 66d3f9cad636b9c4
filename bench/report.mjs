/** The middle of some numbers and how far they spread, as `median (least–most)`. */
function spread(numbers, digits = 1) {
  const sorted = numbers.filter((number) => Number.isFinite(number)).sort((a, b) => a - b);
  if (sorted.length === 0) return '–';
  const show = (number) => (Math.abs(number) >= 100 ? Math.round(number).toLocaleString('en') : number.toFixed(digits));
  const middle = sorted[sorted.length >> 1];
  return sorted.length === 1 ? show(middle) : `${show(middle)} (${show(sorted[0])}–${show(sorted.at(-1))})`;
}

const perDelivery = (cell, of) => of(cell) / cell.deliveries;
const perMessage = (cell, of) => of(cell) / cell.messages;
const app = ({ before, after }) => after.app - before.app;
const database = ({ before, after }) => after.database - before.database;
const all = (cell) => app(cell) + database(cell);

/** The rows of the table, each with its name and how it is read off a cell. */
const rowsOf = {
  W1a: roomRows('W1a: one room of 100, 10 senders × 4', perDelivery, 'delivery'),
  W1b: roomRows('W1b: 10 rooms of 50, 2 senders × 2', perDelivery, 'delivery'),
  W2: roomRows('W2: 200 rooms of 2, 4 in flight each', perMessage, 'message'),
  light: timeRows('Light load, 10 in flight'),
  single: timeRows('One message in flight'),
  connect: [
    ['Idle connection, kB of memory', (cell) => cell.kilobytes, 1],
    ['Connects/s', (cell) => cell.count / cell.seconds, 0],
    ['… CPU µs per connect, server', (cell) => app(cell) / cell.count, 0],
    ['… CPU µs per connect, PostgreSQL', (cell) => database(cell) / cell.count, 0],
  ],
};

function roomRows(title, per, unit) {
  return [
    [`${title}: CPU µs per ${unit}, all`, (cell) => per(cell, all), 2],
    [`… server`, (cell) => per(cell, app), 2],
    [`… PostgreSQL`, (cell) => per(cell, database), 2],
    ['… messages/s', (cell) => cell.messages / cell.seconds, 0],
    ['… deliveries/s', (cell) => cell.deliveries / cell.seconds, 0],
    ['… acknowledged p50 ms', (cell) => cell.acknowledged.p50, 1],
    ['… lost / doubled / reordered / other order', faults, 0],
  ];
}

function timeRows(title) {
  return [
    [`${title}: send → acknowledged, p50 ms`, (cell) => cell.acknowledged.p50, 2],
    ['… p99 ms', (cell) => cell.acknowledged.p99, 2],
    [`${title}: send → delivered, p50 ms`, (cell) => cell.delivered.p50, 2],
    ['… p99 ms', (cell) => cell.delivered.p99, 2],
    ['… lost / doubled / reordered / other order', faults, 0],
  ];
}

function faults(cell) {
  return [cell.lost, cell.doubled, cell.reordered, cell.otherOrders];
}

/** @param cells by workload, then peer: the results of the repetitions */
export function table(peers, cells) {
  const lines = [`| | ${peers.join(' | ')} |`, `|---|${peers.map(() => '---:').join('|')}|`];
  for (const [workload, byPeer] of Object.entries(cells)) {
    for (const [title, read, digits] of rowsOf[workload]) {
      const values = peers.map((peer) => {
        const results = byPeer[peer] ?? [];
        if (read !== faults) return spread(results.map(read), digits);
        return results.length === 0
          ? '–'
          : results
              .map(faults)
              .reduce((sum, next) => sum.map((value, index) => value + next[index]))
              .join(' / ');
      });
      lines.push(`| ${title} | ${values.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}

/** What grows, in words and milliseconds. */
export function growthTable({ rows, joins, storm }) {
  const milliseconds = (ms) => `${ms.toFixed(1)} ms`;
  return [
    '| Messages stored | newest page | page in the middle | changes since | list of rooms with unread |',
    '|---:|---:|---:|---:|---:|',
    ...rows.map(
      (row) => `| ${row.size.toLocaleString('en')} | ${[row.newest, row.middle, row.changes, row.rooms].map(milliseconds).join(' | ')} |`,
    ),
    '',
    ...joins.map(({ size, ms }) => `- Joining a room of ${size.toLocaleString('en')} members: ${milliseconds(ms)}`),
    `- ${storm.count.toLocaleString('en')} sockets cut at once and back in their room: ${storm.seconds.toFixed(1)} s, ` +
      `${(((storm.after.app - storm.before.app) / storm.count) | 0).toLocaleString('en')} µs of the server and ` +
      `${(((storm.after.database - storm.before.database) / storm.count) | 0).toLocaleString('en')} µs of PostgreSQL each, ` +
      `${((storm.after.transactions - storm.before.transactions) / storm.count).toFixed(2)} queries each`,
  ].join('\n');
}

/** Lists of rooms, by how many rooms somebody is in. */
export function roomListTable(rows) {
  return [
    '| Call, with 1,000,000 messages in 1,000 rooms and 100,000 public rooms | rooms of the caller | p50 | p99 | CPU µs, server | CPU µs, PostgreSQL |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(({ what, size, ...cell }) => `| ${what} | ${size.toLocaleString('en')} | ${timesAndCpu(cell)} |`),
  ].join('\n');
}

/** Feeds, searches and the lists of the administration, by the rows of each table. */
export function communityTable(rows) {
  return [
    '| Call | rows of each table | p50 | p99 | CPU µs, server | CPU µs, PostgreSQL |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(({ what, size, ...cell }) => `| ${what} | ${size.toLocaleString('en')} | ${timesAndCpu(cell)} |`),
  ].join('\n');
}

const seconds = (value) => `${value.toFixed(2)} s`;
const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(1)} MB`;
/** Of kB. */
const memory = (kilobytes) => `${Math.round(kilobytes / 1_024)} MB`;

/** Pictures of twelve megapixels. */
export function imageTable(rows) {
  return [
    '| Twelve megapixels as | bytes | at once | answered, median | CPU each | memory before | at most |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ format, bytes, parallel, median, cpu, before, peak }) =>
        `| ${format} | ${megabytes(bytes)} | ${parallel} | ${seconds(median)} | ${Math.round(cpu / 1_000)} ms | ${memory(before)} | ${memory(peak)} |`,
    ),
  ].join('\n');
}

/** Archives of one's own data. */
export function exportTable(rows) {
  return [
    '| Messages of a person | archive | made in | downloaded in | CPU, server | CPU, PostgreSQL | memory before | at most |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ size, bytes, made, downloaded, app: server, database: store, before, peak }) =>
        `| ${size.toLocaleString('en')} | ${megabytes(bytes)} | ${seconds(made)} | ${seconds(downloaded)} | ${seconds(server / 1e6)} | ${seconds(store / 1e6)} | ${memory(before)} | ${memory(peak)} |`,
    ),
  ].join('\n');
}

function timesAndCpu({ p50, p99, app: server, database: store }) {
  const whole = (value) => Math.round(value).toLocaleString('en');
  return `${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms | ${whole(server)} | ${whole(store)}`;
}
