import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readFolder, type StaticFile } from './static-files.js';

/** Where the built web client lies: `dist/web`, seen from the compiled server and from the sources. */
export function webRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.includes(`${sep}dist${sep}server${sep}`) ? resolve(here, '../../../web') : resolve(here, '../../../dist/web');
}

/**
 * Serves the web client at `/`: hashed files for ever, the page itself asked for anew each time, and the page again for every address that
 * only the client knows. Call it after `NestFactory.create` and before `app.init` or `app.listen`.
 * @param root a folder with an index.html; without one, a page says how to build it
 */
export function serveWeb(app: NestFastifyApplication, root = webRoot()): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const files = existsSync(join(root, 'index.html')) ? readFolder(root, cacheControl) : new Map<string, StaticFile>();
  const index = files.get('/index.html');
  fastify.get('/', async (request, reply) => {
    if (index) return index.send(request, reply);
    return reply.type('text/html; charset=utf-8').send(notBuilt);
  });
  fastify.get('/*', async (request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    const file = files.get(path) ?? (wantsPage(path, request) ? index : undefined);
    if (file) return file.send(request, reply);
    reply.callNotFound();
    return reply;
  });
}

/** The builder puts a hash of the content into the names of what the page loads. */
function cacheControl(path: string): string {
  return /^\/assets\/.+-[\w-]{8}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** Addresses that mails and invitations lead to: whoever follows one without naming what they read (curl, a link checker) gets the page too. */
const mailed = /^\/(?:activate|confirm-email|invite\/[^/]+|login|register|reset-password)\/?$/;
const servers = /^\/(?:api|ws|socket\.io|docs|dev|health|metrics)(?:\/|$)/i;

/** A browser that was sent to an address of the client's own: a mailed link, a reload. Files and servers' addresses are not its pages. */
function wantsPage(path: string, request: Pick<FastifyRequest, 'headers'>): boolean {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const { accept = '*/*' } = request.headers;
  return (accept.includes('text/html') || (accept.includes('*/*') && mailed.test(path))) && !servers.test(path) && !last.includes('.');
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley</title>
<h1>Parley runs</h1>
<p>The web client is not built. Stop the server and type <code>npm start</code>: it builds what is missing. The interfaces are described at <a href="/docs">/docs</a>.</p>
</html>
`;
