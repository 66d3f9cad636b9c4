import type { z } from 'zod';
import type { ErrorCode } from './errors.js';

/**
 * Who may call: `public` anybody (credentials are not even read); `guest` anybody, signed in or not (a bad credential is still refused);
 * `user` signed-in people; `moderator` and `admin` people with that role or above.
 */
export type Access = 'public' | 'guest' | 'user' | 'moderator' | 'admin';

/** A body as `multipart/form-data`. */
export interface MultipartForm {
  /** The name of the part that carries the file; one file in a request. */
  file: string;
  /** The request may come without a file. */
  fileOptional?: boolean;
  /** The other parts, all of them texts: what a handler gets as `body`. */
  fields: z.ZodType;
}

/** One REST call: the source of its validation, its documentation and the typed client. Paths are under `/api/v1`; `:name` is a parameter. */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  params?: Params;
  query?: Query;
  /** Absent: the call takes no body, and one that is sent is ignored unless it is malformed. */
  body?: Body;
  /** The body may be left out altogether (the cookie carries what it would say). */
  bodyOptional?: boolean;
  /** The body may come as a form with a file, or with nothing in `body` must. What `fields` gives must fit `body`. */
  multipart?: MultipartForm;
  status: 200 | 201 | 202 | 204;
  reply?: Reply;
  /** The media types of an answer that is no JSON but bytes. */
  replyTypes?: readonly string[];
  /** Beyond the ones every call may give (malformed, invalid, rate.limited, server.*) and those that `access` implies. */
  errors?: readonly ErrorCode[];
}

type Out<T> = T extends z.ZodType ? z.output<T> : undefined;
type In<T> = T extends z.ZodType ? z.input<T> : undefined;

/** What a handler receives: parsed and checked. */
export interface EndpointInput<E extends Endpoint> {
  params: Out<E['params']>;
  query: Out<E['query']>;
  body: Out<E['body']>;
}

/** What a handler answers, and what a client gets. */
export type EndpointReply<E extends Endpoint> = E['reply'] extends z.ZodType ? z.output<E['reply']> : void;

/** What a client sends. */
export type EndpointBody<E extends Endpoint> = In<E['body']>;
export type EndpointQuery<E extends Endpoint> = In<E['query']>;

/** Keeps the literal types of a call's definition. */
export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}
