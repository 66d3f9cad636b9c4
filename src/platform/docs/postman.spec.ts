import { describe, expect, it } from '@jest/globals';
import { type Endpoint, endpoints } from '../../contracts/index.js';
import { postmanCollection, type PostmanRequest } from './postman.js';

const collection = postmanCollection({ publicUrl: 'http://localhost:3000' });
const items = collection.item.flatMap((folder) => folder.item);

function texts(request: PostmanRequest): string {
  return JSON.stringify(request);
}

describe('the Postman collection', () => {
  it('has the form of a v2.1 collection', () => {
    expect(collection.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
    for (const { name, request, event } of items) {
      expect(name).not.toBe('');
      expect(request.method).toMatch(/^(GET|POST|PUT|PATCH|DELETE)$/);
      expect(request.url.raw.startsWith('{{baseUrl}}/')).toBe(true);
      expect(`{{baseUrl}}/${request.url.path.join('/')}`).toBe(request.url.raw.split('?')[0]);
      const { body } = request;
      if (body?.mode === 'raw') expect(() => JSON.parse(body.raw) as unknown).not.toThrow();
      if (body?.mode === 'formdata') expect(body.formdata[0]).toMatchObject({ type: 'file' });
      for (const { listen, script } of event ?? []) {
        expect(listen).toBe('test');
        // Compiles; it is run against a server elsewhere.
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is text, as Postman takes it
        expect(() => new Function('pm', script.exec.join('\n'))).not.toThrow();
      }
    }
  });

  it('begins with the sign-up flow, and then has every call once, and once more as a form where it may be one', () => {
    expect(collection.item[0]!.name).toBe('Sign-up flow');
    const calls = collection.item.slice(1).flatMap((folder) => folder.item);
    const definitions = Object.values<Endpoint>(endpoints);
    const either = definitions.filter(({ body, multipart }) => body && multipart);
    expect(calls).toHaveLength(definitions.length + either.length);
    const tags = new Set(definitions.map(({ tag }) => tag));
    expect(collection.item.slice(1).map(({ name }) => name)).toEqual([...tags]);
  });

  it('uses no variable that it does not have', () => {
    const known = new Set(collection.variable.map(({ key }) => key));
    for (const { request } of items) {
      for (const [, name] of texts(request).matchAll(/\{\{(\w+)\}\}/g)) expect(known).toContain(name);
    }
  });

  it('gives every parameter of an address a variable, and sends no token to public calls', () => {
    for (const { request } of items) {
      const names = request.url.path.filter((part) => part.startsWith(':')).map((part) => part.slice(1));
      expect((request.url.variable ?? []).map(({ key }) => key)).toEqual(names);
      if (request.url.raw.includes('/auth/login')) expect(request.auth).toEqual({ type: 'noauth' });
    }
  });
});
