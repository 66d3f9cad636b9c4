// Loaded into a server under test: between subscribing to a room and what is read of it lie up to SLOW_LOG_MS, before and after the reading.
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const most = Number(process.env.SLOW_LOG_MS ?? 0);
const { MessageLog } = await import(pathToFileURL(resolve('dist/server/modules/messages/message-log.js')).href);
for (const step of ['newest', 'changedSince', 'forReader']) {
  const read = MessageLog.prototype[step];
  if (typeof read !== 'function') throw new Error(`There is no ${step} to be made slow.`);
  MessageLog.prototype[step] = async function (...args) {
    await sleep(Math.random() * most);
    const answer = await read.apply(this, args);
    await sleep(Math.random() * most);
    return answer;
  };
}
