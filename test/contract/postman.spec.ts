import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endpoints, type EndpointName } from '../../src/contracts/index.js';
import type { PostmanCollection, PostmanItem } from '../../src/platform/docs/index.js';
import { checkReply } from '../../src/platform/http/reply-check.js';
import { startApp, type TestApp } from '../support/create-app.js';
import { picture } from '../support/pictures.js';

/** As much of Postman as the collection uses: variables, addresses, bodies, test scripts. */
class Runner {
  readonly variables: Map<string, string>;

  constructor(
    collection: PostmanCollection,
    overrides: Record<string, string>,
    private readonly picture: Buffer,
  ) {
    this.variables = new Map([...collection.variable.map(({ key, value }) => [key, value] as const), ...Object.entries(overrides)]);
  }

  private fill(text: string): string {
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = this.variables.get(name);
      if (value === undefined) throw new Error(`There is no variable ${name}.`);
      return value;
    });
  }

  async run({ request, event = [] }: PostmanItem): Promise<{ status: number; body: unknown }> {
    const parameters = new Map(request.url.variable?.map(({ key, value }) => [key, this.fill(value)]));
    const path = request.url.path
      .map((part) => (part.startsWith(':') ? encodeURIComponent(parameters.get(part.slice(1))!) : part))
      .join('/');
    const query = (request.url.query ?? [])
      .filter(({ disabled }) => !disabled)
      .map(({ key, value }) => `${key}=${encodeURIComponent(this.fill(value))}`);
    const response = await fetch(`${this.fill('{{baseUrl}}')}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`, {
      method: request.method,
      headers: {
        ...Object.fromEntries(request.header.map(({ key, value }) => [key, this.fill(value)])),
        ...(request.auth?.type === 'noauth' ? {} : { authorization: `Bearer ${this.variables.get('access')}` }),
      },
      ...(request.body ? { body: this.bodyOf(request.body) } : {}),
    });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    for (const { script } of event) this.script(script.exec, response.status, body);
    return { status: response.status, body };
  }

  /** A person would choose a picture. */
  private bodyOf(body: NonNullable<PostmanItem['request']['body']>): string | FormData {
    if (body.mode === 'raw') return this.fill(body.raw);
    const form = new FormData();
    for (const part of body.formdata) {
      if (part.type === 'file') form.append(part.key, new Blob([new Uint8Array(this.picture)], { type: 'image/png' }), 'picture.png');
    }
    return form;
  }

  private script(lines: string[], status: number, body: unknown): void {
    const pm = {
      test: (_: string, check: () => void) => check(),
      expect: (value: unknown) => ({ to: { be: { an: (type: string) => expect(typeof value).toBe(type) } } }),
      response: {
        json: () => body,
        to: { have: { status: (wanted: number) => expect({ status, body }).toMatchObject({ status: wanted }) } },
      },
      collectionVariables: { set: (name: string, value: string) => this.variables.set(name, value) },
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is what Postman does with a test script
    new Function('pm', lines.join('\n'))(pm);
  }
}

describe('the Postman collection works', () => {
  let app: TestApp;
  let collection: PostmanCollection;
  let image: Buffer;

  beforeAll(async () => {
    app = await startApp();
    image = await picture('png', { width: 64, height: 48 });
    collection = (await (await fetch(`${app.url}/docs/postman.json`)).json()) as PostmanCollection;
  });
  afterAll(() => app.close());

  it('from nobody to a first message, request after request, without a hand on it', async () => {
    const runner = new Runner(collection, { baseUrl: app.url }, image);
    const steps = collection.item[0]!.item;
    const answers: unknown[] = [];
    for (const step of steps) answers.push((await runner.run(step)).body);
    expect(steps).toHaveLength(10);
    expect(answers[4]).toMatchObject({ username: 'ada' });
    expect(answers[7]).toMatchObject({ items: [{ content: 'Hello from Postman!' }] });
    const afterwards = await runner.run(steps[4]!).catch((error: unknown) => error);
    expect(afterwards).toBeInstanceOf(Error);
  });

  it('answers every other request as documented, whatever it says', async () => {
    const runner = new Runner(collection, { baseUrl: app.url, email: 'grace@example.org', username: 'grace' }, image);
    for (const step of collection.item[0]!.item.slice(0, 7)) await runner.run(step);
    const { access, refresh } = Object.fromEntries(runner.variables);
    const names = new Map(Object.entries(endpoints).map(([name, { summary }]) => [summary as string, name as EndpointName]));
    const login = collection.item[0]!.item.find(({ request }) => request.url.raw.endsWith('/auth/login'))!;
    const formAnswers: Record<string, number> = {};
    for (const item of collection.item.slice(1).flatMap((folder) => folder.item)) {
      runner.variables.set('access', access!).set('refresh', refresh!);
      // An earlier request may have ended the session.
      if (item.request.body?.mode === 'formdata') await runner.run(login);
      const name = names.get(item.name.replace(' (with the file, as a form)', ''))!;
      const { status, body } = await runner.run(item);
      // With a file chosen, a form for a room that is there does what it says.
      if (item.request.body?.mode === 'formdata') formAnswers[name] = status;
      expect({ name, status }).not.toMatchObject({ status: 500 });
      checkReply(name, status, body);
    }
    expect(formAnswers).toEqual({
      'avatars.create': 201,
      'signature.replace': 200,
      'files.create': 201,
      'messages.send': 201,
      'albums.photos.add': 404,
    });
  });
});
