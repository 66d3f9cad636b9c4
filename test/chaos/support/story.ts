import { newPerson, type TestPerson } from '../../support/people.js';
import { RestClient } from '../../support/rest-client.js';
import { until } from './cases.js';
import { openLink } from './link.js';

const secretKeys = new Set(['access', 'refresh', 'ticket', 'token', 'requestId', 'instance', 'url']);

/** Says the same of two answers that differ only in ids, times and secrets. */
function normaliser(): (value: unknown) => string {
  const ids = new Map<string, string>();
  return (value) =>
    JSON.stringify(value, (key, one: unknown) => (secretKeys.has(key) && one ? '…' : one))
      .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, (id) => {
        if (!ids.has(id)) ids.set(id, `#${ids.size + 1}`);
        return ids.get(id)!;
      })
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/@?[a-z0-9]+@example\.org/g, 'ADDRESS');
}

/**
 * Two people do what people do, rightly and wrongly, over REST and both sockets. Whatever the installation is made of, it must be told alike.
 * @param urls of its nodes; what is asked goes round them
 * @returns what was answered and heard, a line each
 */
export async function tellStory(urls: readonly string[]): Promise<string[]> {
  const normal = normaliser();
  const lines: string[] = [];
  const [ann, bob] = [
    await newPerson({ anonymous: new RestClient(urls[0]!) }, 'lena'),
    await newPerson({ anonymous: new RestClient(urls[0]!) }, 'bob'),
  ];
  let asked = 0;
  const ask = async (person: TestPerson | null, method: string, path: string, body?: unknown) => {
    const rest = new RestClient(urls[asked++ % urls.length]!, person?.access);
    const answer = await rest.call(method, path, body);
    lines.push(`${method} ${normal(path)} ${answer.status} ${normal(answer.body ?? null)}`);
    return answer.body as Record<string, never> & { room: { id: string }; message: { id: string }; post: { id: string } };
  };
  const heard = [ann, bob].map(() => [] as string[]);
  const links = await Promise.all(
    [ann, bob].map(async (person, index) =>
      openLink(index === 0 ? 'plain' : 'socket.io', urls[index % urls.length]!, person.access, (event, data) => {
        if (event.startsWith('message.')) heard[index]!.push(`${event} ${JSON.stringify(data)}`);
      }),
    ),
  );
  const command = async (index: number, event: string, data: unknown) => {
    const answer = await links[index]!.command(event, data);
    lines.push(`${event} ${normal(answer)}`);
    return answer;
  };
  const room = (await ask(ann, 'POST', '/rooms', { name: 'story', title: 'A story', kind: 'private', members: ['bob'] })).room.id;
  await ask(ann, 'POST', '/rooms', { name: 'story', kind: 'private' });
  await ask(bob, 'PATCH', `/rooms/${room}`, { title: 'not mine' });
  await ask(null, 'GET', `/rooms/${room}`);
  await ask(ann, 'GET', '/rooms/nowhere');
  /** What one node has done the others hear a moment later; the story is told when they have. */
  const asBob = new RestClient(urls[1 % urls.length]!, bob.access);
  await command(0, 'room.join', { room });
  await until('her being there is known', async () => (await asBob.get(`/rooms/${room}`)).body.room.onlineCount === 1);
  await command(1, 'room.join', { room });
  const first = (await ask(ann, 'POST', `/rooms/${room}/messages`, { content: 'Привіт, @bob 👋', clientId: 'one' })).message.id;
  await ask(ann, 'POST', `/rooms/${room}/messages`, { content: 'Привіт, @bob 👋', clientId: 'one' });
  await ask(ann, 'POST', `/rooms/${room}/messages`, { content: 'other', clientId: 'one' });
  await ask(bob, 'POST', `/rooms/${room}/messages`, { content: '\u200b ' });
  await ask(bob, 'POST', `/rooms/${room}/messages`, { content: 'x'.repeat(4_097) });
  await command(1, 'message.send', { room, content: 'an answer', replyTo: first });
  await command(1, 'message.send', { room, content: 'to nothing', replyTo: '01890000-0000-7000-8000-000000000000' });
  for (let n = 0; n < 5; n++) await command(n % 2, 'message.send', { room, content: `message ${n}`, clientId: `n${n}` });
  await command(0, 'message.edit', { id: first, content: 'Привіт!' });
  await command(1, 'message.edit', { id: first, content: 'not mine' });
  await command(1, 'message.react', { id: first, emoji: '👍' });
  await command(1, 'message.react', { id: first, emoji: 'no emoji' });
  await command(0, 'message.delete', { id: first });
  await command(0, 'room.typing', { room: 'nowhere', typing: true });
  await command(0, 'no.such.command', {});
  await ask(ann, 'GET', `/rooms/${room}/messages?limit=3`);
  await ask(ann, 'GET', `/rooms/${room}/messages?after=2&limit=2`);
  await ask(ann, 'GET', `/rooms/${room}/messages?before=x`);
  await ask(bob, 'GET', `/rooms/${room}/changes?since=3`);
  await ask(bob, 'POST', `/rooms/${room}/read`, { seq: 7 });
  await ask(ann, 'POST', '/friends/requests', { username: 'bob' });
  await ask(ann, 'POST', '/friends/requests', { username: 'bob' });
  await ask(ann, 'POST', '/friends/requests', { username: 'lena' });
  await ask(bob, 'GET', '/friends/requests');
  const post = (await ask(bob, 'POST', '/posts', { title: 'A post', content: 'Words', tags: ['story'] })).post.id;
  await ask(ann, 'PUT', `/posts/${post}/like`);
  await ask(ann, 'POST', `/posts/${post}/comments`, { content: 'Well said' });
  await ask(ann, 'DELETE', `/posts/${post}`);
  await ask(ann, 'GET', '/posts?tag=story');
  await ask(ann, 'DELETE', `/rooms/${room}/members/${bob.id}`);
  for (const url of urls)
    await until('the kick is known', async () => (await new RestClient(url, bob.access).get(`/rooms/${room}`)).status === 404);
  await ask(bob, 'POST', `/rooms/${room}/messages`, { content: 'after the kick' });
  await ask(bob, 'GET', `/rooms/${room}`);
  await ask(ann, 'POST', `/rooms/${room}/messages`, { content: 'the end' });
  await until('the end is heard', () => heard[0]!.some((line) => line.includes('the end')));
  for (const [index, own] of heard.entries()) lines.push(...own.map((line) => `${index} heard ${normal(line).replaceAll('\\"', '"')}`));
  for (const link of links) link.cut();
  return lines;
}
