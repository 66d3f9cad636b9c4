import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sums up the newest CPU profile of a folder by function, in percent of the busy time: its own time, and with what it called. */
export function profileSummary(folder, most = 40) {
  const file = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .at(-1);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const nameOf = ({ callFrame: { functionName, url, lineNumber } }) =>
    `${functionName || '(anonymous)'} ${url.replace(/^.*\/(dist\/server|node_modules)\//, '')}:${lineNumber + 1}`;
  const own = new Map();
  const whole = new Map();
  const add = (sums, name, time) => sums.set(name, (sums.get(name) ?? 0) + time);
  let busy = 0;
  samples.forEach((id, index) => {
    const node = byId.get(id);
    if (node.callFrame.functionName === '(idle)') return;
    const time = timeDeltas[index];
    busy += time;
    add(own, nameOf(node), time);
    const names = new Set();
    for (let at = id; at !== undefined; at = parents.get(at)) names.add(nameOf(byId.get(at)));
    for (const name of names) add(whole, name, time);
  });
  const listed = (sums) =>
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(6)} %  ${name}`)
      .join('\n');
  return `${(busy / 1e6).toFixed(1)} s busy. Own time:\n${listed(own)}\nWith what was called:\n${listed(whole)}`;
}
