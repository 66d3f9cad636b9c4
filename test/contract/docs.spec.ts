import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/create-app.js';

describe('the documentation', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const read = async (path: string, accept = '*/*') => {
    const response = await fetch(app.url + path, { headers: { accept } });
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      headers: response.headers,
      text: await response.text(),
    };
  };

  it.each(['/docs', '/docs/realtime', '/docs/errors'])('%s is a page that asks nobody but this server', async (path) => {
    const { status, type, headers, text } = await read(path, 'text/html,application/json;q=0.5');
    expect(status).toBe(200);
    expect(type).toContain('text/html');
    expect(headers.get('content-security-policy')).toContain("script-src 'self';style-src 'self'");
    expect(text).not.toMatch(/<script(?![^>]* src="\/docs\/)|<style|style="|\son\w+="|(?:src|href)="(?:https?:)?\/\//);
    expect(text).toContain('name="viewport"');
    for (const [, file] of text.matchAll(/(?:src|href)="(\/docs\/[^"#]*)/g)) expect(await read(file!)).toMatchObject({ status: 200 });
  });

  it('is a document for who accepts JSON', async () => {
    expect(JSON.parse((await read('/docs', 'application/json')).text)).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: app.settings.publicUrl }],
    });
    expect(JSON.parse((await read('/docs/realtime', 'application/json')).text)).toMatchObject({ asyncapi: '3.0.0' });
    expect(JSON.parse((await read('/docs/openapi.json')).text)).toMatchObject({ openapi: '3.1.0' });
    expect(JSON.parse((await read('/docs/realtime.json')).text)).toMatchObject({ asyncapi: '3.0.0' });
    expect(JSON.parse((await read('/docs/postman.json')).text)).toMatchObject({ info: { name: 'Parley' } });
  });

  it('has nothing else', async () => {
    for (const path of ['/docs/nothing', '/docs/assets/nothing', '/docs/assets/package.json', '/docs/assets/..%2fpackage.json']) {
      expect(await read(path)).toMatchObject({ status: 404, type: expect.stringContaining('application/problem+json') });
    }
  });

  it('describes every command and event on the page', async () => {
    const { text } = await read('/docs/realtime', 'text/html');
    expect(text).toContain('id="message.send"');
    expect(text).toContain('id="event-message.created"');
    expect(text).toContain('wscat');
  });

  it('can be switched off', async () => {
    const quiet = await startApp({ DOCS: 'off' });
    try {
      for (const path of ['/docs', '/docs/realtime', '/docs/errors', '/docs/openapi.json', '/docs/postman.json', '/docs/assets/docs.css']) {
        expect((await fetch(quiet.url + path)).status).toBe(404);
      }
    } finally {
      await quiet.close();
    }
  });
});
