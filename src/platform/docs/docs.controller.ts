import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Headers, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/app-error.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { PublicRoute } from '../http/endpoint.decorator.js';
import { StaticFile } from '../web/static-files.js';
import { asyncApiDocument } from './asyncapi.js';
import { errorsPage } from './errors-page.js';
import { openApiDocument } from './openapi.js';
import { openApiPage, openApiScript } from './openapi-page.js';
import { styleSheet } from './page.js';
import { postmanCollection } from './postman.js';
import { realtimePage } from './realtime-page.js';

const pageType = 'text/html; charset=utf-8';
const jsonType = 'application/json; charset=utf-8';
const cssType = 'text/css; charset=utf-8';
const scriptType = 'text/javascript; charset=utf-8';

/** What there is below /docs, each made when it is first asked for. */
type Shelf = Record<string, () => StaticFile>;

/** The documentation: pages for people, documents for tools. All of it is made of the contracts; `DOCS=off` makes it a 404. */
@Controller('docs')
export class DocsController {
  private readonly shelf: Shelf;
  private readonly made = new Map<string, StaticFile>();

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {
    const text = (content: string, type: string) => new StaticFile(Buffer.from(content), type, 'no-cache');
    const json = (document: unknown) => text(JSON.stringify(document, null, 2), jsonType);
    this.shelf = {
      docs: () => text(openApiPage(), pageType),
      'openapi.json': () => json(openApiDocument(settings)),
      realtime: () => text(realtimePage(asyncApiDocument(settings), settings.publicUrl), pageType),
      'realtime.json': () => json(asyncApiDocument(settings)),
      'postman.json': () => json(postmanCollection(settings)),
      errors: () => text(errorsPage(), pageType),
      'assets/docs.css': () => text(styleSheet, cssType),
      'assets/openapi.js': () => text(openApiScript, scriptType),
      'assets/swagger-ui.css': () => swaggerFile('swagger-ui.css', cssType),
      'assets/swagger-ui-bundle.js': () => swaggerFile('swagger-ui-bundle.js', scriptType),
    };
  }

  /** The REST interface: a page, or the OpenAPI document for who accepts JSON and no page. */
  @Get()
  @PublicRoute()
  async rest(@Headers('accept') accept: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(prefersJson(accept) ? 'openapi.json' : 'docs', request, reply);
  }

  /** The realtime interface, in the same two forms. */
  @Get('realtime')
  @PublicRoute()
  async realtime(@Headers('accept') accept: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(prefersJson(accept) ? 'realtime.json' : 'realtime', request, reply);
  }

  @Get(['openapi.json', 'realtime.json', 'postman.json', 'errors'])
  @PublicRoute()
  async document(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const path = request.routeOptions.url ?? '';
    await this.answer(path.slice(path.lastIndexOf('/') + 1), request, reply);
  }

  @Get('assets/:file')
  @PublicRoute()
  async asset(@Param('file') file: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(`assets/${file}`, request, reply);
  }

  private async answer(name: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!this.settings.docs || !Object.hasOwn(this.shelf, name)) throw new AppError('route.not-found');
    let file = this.made.get(name);
    if (!file) this.made.set(name, (file = this.shelf[name]!()));
    await file.send(request, reply);
  }
}

function prefersJson(accept = ''): boolean {
  return accept.includes('json') && !accept.includes('text/html');
}

function swaggerFile(name: string, type: string): StaticFile {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return new StaticFile(readFileSync(join(folder, name)), type, 'public, max-age=86400');
}
