import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { newPerson, type TestPerson } from '../../support/people.js';
import { screenshots } from './inspection.js';
import type { Stage } from './stage.js';
import { until } from './visitor.js';

/** Who and what there is on a furnished stage. */
export interface Scenery {
  ann: TestPerson;
  bo: TestPerson;
  postId: string;
  albumId: string;
  /** Addresses of pictures on this disk. */
  pictures: string[];
}

/** People with rooms, posts, albums, requests and reports, so that every page has something to show. The stage needs an admin. */
export async function furnish(stage: Stage): Promise<Scenery> {
  mkdirSync(screenshots, { recursive: true });
  const pictures = await Promise.all(
    [20, 200].map(async (hue) => {
      const path = join(screenshots, `landscape-${hue}.png`);
      writeFileSync(path, await landscape(hue));
      return path;
    }),
  );
  const [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
  const tomatoes = await talk(ann, bo);
  const published = await publish(ann, bo, tomatoes);
  await moderate(stage, ann, bo);
  return { ann, bo, pictures, ...published };
}

/** Somebody with an account of a business type. */
export async function newBusiness(stage: Stage, name: string, accountType: 'startup' | 'investor'): Promise<TestPerson> {
  const person = await newPerson({ anonymous: stage.server.rest }, name, { accountType });
  await person.rest.patch('/users/me', { profileCompleted: true });
  return person;
}

/** Rooms with a life in them. */
async function talk(ann: TestPerson, bo: TestPerson): Promise<string> {
  const say = async (person: TestPerson, room: string, content: string) =>
    (await person.rest.post(`/rooms/${room}/messages`, { content })).body.message as { id: string };
  for (const [name, title] of [
    ['garden', 'The garden'],
    ['books', 'Books we read'],
  ]) {
    await ann.rest.post('/rooms', { name, title, kind: 'public' });
    await bo.rest.post(`/rooms/${name}/join`);
  }
  for (const person of [ann, bo]) await person.rest.post('/rooms/lobby/join');
  await say(bo, 'books', 'Chapter three is the best so far.');
  const tomatoes = await say(ann, 'garden', 'The tomatoes are in. Who waters them on Saturday?');
  const saturday = await say(bo, 'garden', 'Me! And on Sunday, too, if it stays dry:\nhttps://example.org/forecast');
  await ann.rest.put(`/messages/${saturday.id}/reactions/${encodeURIComponent('❤️')}`);
  await bo.rest.put(`/messages/${saturday.id}/reactions/${encodeURIComponent('❤️')}`);
  await ann.rest.put(`/messages/${saturday.id}/reactions/${encodeURIComponent('😊')}`);
  const wrong = await say(ann, 'garden', 'Thnak you');
  await ann.rest.patch(`/messages/${wrong.id}`, { content: 'Thank you' });
  const gone = await say(bo, 'garden', 'In the wrong room');
  await bo.rest.delete(`/messages/${gone.id}`);
  await bo.rest.post('/rooms/garden/messages', { content: 'They grow well, @ann, look at them!', replyTo: tomatoes.id });
  await bo.rest.post('/friends/requests', { username: 'ann' });
  await say(bo, 'garden', 'The hose is behind the shed.');
  for (let n = 1; n <= 6; n++) await say(n % 2 ? ann : bo, 'lobby', `Somebody says something, for the ${n}. time today.`);
  const { body } = await bo.rest.post('/rooms/direct', { username: 'ann' });
  await say(bo, body.room.id, 'Are you coming tonight?');
  return tomatoes.id;
}

/** Posts, comments and an album, with pictures in them. */
async function publish(ann: TestPerson, bo: TestPerson, messageId: string): Promise<Pick<Scenery, 'postId' | 'albumId'>> {
  await bo.rest.patch('/users/me', { firstName: 'Bo', lastName: 'Bergman', about: 'Grows tomatoes.\nhttps://example.org/tomatoes' });
  const upload = async (person: TestPerson, path: string, hue: number) => {
    const form = new FormData();
    form.append(path === '/files' ? 'file' : 'image', new Blob([await landscape(hue)], { type: 'image/png' }), `view-${hue}.png`);
    return (await person.rest.call('POST', path, undefined, { form })).body;
  };
  const images: { id: string }[] = [];
  for (const hue of [20, 90, 150, 210, 300]) images.push(await upload(bo, '/files', hue));
  await ann.rest.post('/posts', { title: 'What we say in the garden', tags: ['garden'], sharedMessage: messageId });
  const { body } = await bo.rest.post('/posts', {
    title: 'Five views from the hill',
    content: 'It took three hours to get up there, and every one of them was worth it. @ann, next time you come along!',
    tags: ['walking', 'hills'],
    imageIds: images.map(({ id }) => id),
    link: 'https://example.org/the-hill',
    links: ['https://example.org/map'],
  });
  const postId: string = body.post.id;
  await ann.rest.put(`/posts/${postId}/like`);
  await ann.rest.put(`/posts/${postId}/reactions/${encodeURIComponent('😊')}`);
  const comment = await ann.rest.post(`/posts/${postId}/comments`, { content: 'I will! When do you go again?' });
  await bo.rest.post(`/posts/${postId}/comments`, { content: 'On Sunday.', parentId: comment.body.comment.id });
  await bo.rest.post(`/posts/${postId}/comments`, { content: 'The third one is my favourite.' });
  const album = await ann.rest.post('/albums', { name: 'The garden in May', theme: 'Garden', year: 2026 });
  const albumId: string = album.body.album.id;
  for (const hue of [40, 120, 330]) await upload(ann, `/albums/${albumId}/photos`, hue);
  await upload(bo, '/users/me/avatar', 260);
  await upload(ann, '/users/me/avatar', 170);
  return { postId, albumId };
}

/** A sky above a hill, as a PNG. Drawn here: the server forbids its process to read drawings. */
function landscape(hue: number): Promise<Buffer> {
  const [width, height] = [640, 480];
  const [sky, sun, ground] = [colour(hue, 0.6, 0.78), colour(hue, 0.8, 0.92), colour(hue, 0.45, 0.35)];
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isGround = y > 290 + 70 * Math.cos((x - 180) / 90);
      const isSun = (x - 470) ** 2 + (y - 130) ** 2 < 3_600;
      pixels.set(isGround ? ground : isSun ? sun : sky, (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Red, green and blue, 0 to 255. Source: CSS Color Module Level 4, 7.1. */
function colour(hue: number, saturation: number, lightness: number): [number, number, number] {
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [part(0), part(8), part(4)];
}

/** What moderators see, and what is found. */
async function moderate(stage: Stage, ann: TestPerson, bo: TestPerson): Promise<void> {
  const { rest } = stage.admin;
  await rest.post('/rooms/books/join');
  for (const hue of [20, 200]) {
    const png = await landscape(hue);
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(png)], { type: 'image/png' }), `landscape ${hue}.png`);
    await ann.rest.post('/rooms/books/messages', undefined, { form });
  }
  const list = (await ann.rest.get('/rooms/garden/messages')).body.items as { id: string; content: string; author: { id: string } }[];
  const hose = list.find(({ content }) => content.includes('hose'))!;
  await ann.rest.post('/reports', { kind: 'message', id: hose.id, reason: 'That hose is mine, and this is the third time.' });
  await ann.rest.post('/reports', { kind: 'person', id: bo.id, reason: 'Writes to me again and again.' });
  await rest.post(`/admin/users/${bo.id}/sanctions`, { kind: 'warn', reason: 'Please be kind to the neighbours' });
  await rest.post(`/admin/users/${bo.id}/sanctions`, {
    kind: 'mute',
    reason: 'Did not stop',
    endsAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await ann.rest.post('/posts', { title: 'Tomatoes for beginners', content: 'Plant them deep.' });
  await until(async () => (await rest.get('/search?q=beginners')).body.items.length > 0, 'the index');
}
