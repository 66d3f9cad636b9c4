import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../common/app-error.js';
import { parseInput } from '../../common/parse.js';
import type { Person, Principal } from '../../common/principal.js';
import { apiPrefix, type Endpoint as EndpointDefinition, type EndpointName, endpoints } from '../../contracts/index.js';
import { fileMissing, TakesForm, type Upload } from './uploads/upload.js';
import { UploadInterceptor } from './uploads/upload.interceptor.js';

/** The metadata key under which a handler carries its endpoint (or, outside the API, `PlainRoute`). */
export const ENDPOINT = 'endpoint';

/** A route outside the documented API: probes, documents, the web client. */
export interface PlainRoute {
  access: 'public';
  undocumented: true;
}

/** A request with what the guard found out about its sender. */
export interface AppRequest extends FastifyRequest {
  principal?: Principal;
  /** The file of a form, on the routes that take one. */
  upload?: Upload;
}

/** Makes a method the handler of a documented REST call: path, method, status, who may call. */
export function Endpoint(name: EndpointName): MethodDecorator {
  const definition: EndpointDefinition = endpoints[name];
  return applyDecorators(
    RequestMapping({ path: apiPrefix + definition.path, method: RequestMethod[definition.method] }),
    HttpCode(definition.status),
    SetMetadata(ENDPOINT, { ...definition, name }),
    ...(definition.multipart
      ? [RouteConfig({ takesForm: true }), TakesForm(definition.multipart), UseInterceptors(UploadInterceptor)]
      : []),
  );
}

/** Declares that a route outside the API is open to everybody; a route without a declared policy fails the start. */
export const PublicRoute = () => SetMetadata(ENDPOINT, { access: 'public', undocumented: true } satisfies PlainRoute);

/** The parsed and checked params, query and body of a documented call: declare it as `EndpointInput<(typeof endpoints)['…']>`. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<AppRequest>();
  const definition = Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointDefinition;
  return {
    params: definition.params ? parseInput(definition.params, request.params) : undefined,
    query: definition.query ? parseInput(definition.query, request.query) : undefined,
    body: bodyOf(definition, request),
  };
});

function bodyOf({ multipart, body, bodyOptional }: EndpointDefinition, request: AppRequest): unknown {
  if (multipart && request.isMultipart()) return parseInput(multipart.fields, request.body);
  if (body) return parseInput(body, bodyOptional ? (request.body ?? {}) : request.body);
  // A call that takes a form alone.
  if (multipart) throw fileMissing(multipart);
  return undefined;
}

/** The signed-in person of a call whose access is `user` or above. */
export const CurrentPerson = createParamDecorator((_: unknown, context: ExecutionContext): Person => {
  const principal = context.switchToHttp().getRequest<AppRequest>().principal;
  if (principal?.kind !== 'person') throw new AppError('auth.required');
  return principal;
});

/** The sender of a call whose access is `guest`: a person or a guest. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = context.switchToHttp().getRequest<AppRequest>().principal;
  if (!principal) throw new AppError('auth.required');
  return principal;
});
