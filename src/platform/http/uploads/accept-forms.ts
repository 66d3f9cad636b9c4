import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../common/app-error.js';
import { isForm } from '../arrival.js';
import { drain } from '../drain.js';

/** What a route's own settings say, see `Endpoint`. */
interface RouteSettings {
  takesForm?: true;
  /** The form of a plain page, whose fields nobody reads. */
  takesPageForm?: true;
}

const pageForm = 'application/x-www-form-urlencoded';
const longestPageForm = 1_024;

/** Lets forms with files in, to the routes that take them; elsewhere a form is no kind of body. Nothing is read before the guards. */
export async function acceptForms(fastify: FastifyInstance): Promise<void> {
  await fastify.register(multipart);
  fastify.addContentTypeParser(pageForm, { parseAs: 'string', bodyLimit: longestPageForm }, (_request, _body, done) =>
    done(null, undefined),
  );
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const { takesForm, takesPageForm } = request.routeOptions.config as RouteSettings;
    const isPageForm = request.headers['content-type']?.toLowerCase().startsWith(pageForm) ?? false;
    if ((isForm(request) && !takesForm) || (isPageForm && !takesPageForm)) done(new AppError('request.unsupported-media-type'));
    else done(null, payload);
  });
  // Who was refused before the form was read (no login, too many requests) still gets to read why.
  fastify.addHook('onResponse', (request, _reply, done) => {
    if (isForm(request)) drain(request);
    done();
  });
}
