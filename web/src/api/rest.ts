import { Fault, faultOfResponse } from './fault.js';
import { routes, type RouteName } from './routes.js';
import { shown } from './shown.js';
import type { CallInput, CallReply } from './wire.js';

/** How long an answer may take, in milliseconds. */
const answerTimeout = 15_000;

/** Where the bearer token comes from, and who renews it. */
export interface Credentials {
  access(): Promise<string | null>;
  refresh(): Promise<void>;
  end(code: string): void;
}

/** The calls that speak by the session cookie; every other one speaks by the bearer token, or as a guest. */
const cookieCalls: ReadonlySet<RouteName> = new Set<RouteName>(['auth.login', 'auth.refresh', 'auth.logout', 'auth.logout-all']);
/** These carry no bearer token: an old one would only be in the way. */
const anonymousCalls: ReadonlySet<RouteName> = new Set<RouteName>([
  'auth.login',
  'auth.refresh',
  'auth.register',
  'auth.activate',
  'auth.activate.resend',
  'auth.password-reset.request',
  'auth.password-reset.validate',
  'auth.password-reset.confirm',
]);

interface Parts {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** The typed REST client. Every failure is a `Fault`. */
export class RestClient {
  credentials: Credentials | null = null;

  constructor(private readonly base = '/api/v1') {}

  /** Makes one call of the contract; a refused token is renewed once, and the call made again. */
  async call<N extends RouteName>(name: N, input: CallInput<N>): Promise<CallReply<N>> {
    const credentials = anonymousCalls.has(name) ? null : this.credentials;
    const token = (await credentials?.access()) ?? null;
    let response = await this.fetch(name, input, token);
    if (response.status === 401 && token && credentials) {
      const refusal = await faultOfResponse(response);
      if (refusal.code !== 'auth.credentials-invalid') {
        await credentials.refresh();
        response = await this.fetch(name, input, await credentials.access());
        if (response.status === 401) {
          const again = await faultOfResponse(response);
          credentials.end(again.code);
          throw again;
        }
      } else throw refusal;
    }
    if (!response.ok) throw await faultOfResponse(response);
    if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as CallReply<N>;
    const text = await response.text().catch(() => {
      throw new Fault('network.unanswered', 'The answer broke off.');
    });
    if (!text) return undefined as CallReply<N>;
    try {
      return shown(JSON.parse(text)) as CallReply<N>;
    } catch {
      throw new Fault('response.unreadable', 'The answer is not JSON.', { status: response.status });
    }
  }

  private async fetch(name: RouteName, input: Parts, token: string | null): Promise<Response> {
    const { method, path } = routes[name];
    const cookie = cookieCalls.has(name);
    const bodiless = method === 'GET' || (method === 'DELETE' && input.body === undefined);
    const body = bodiless ? undefined : JSON.stringify(input.body ?? {});
    try {
      return await fetch(this.base + fill(path, input.params) + search(input.query), {
        method,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
        credentials: cookie ? 'same-origin' : 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(answerTimeout),
        ...(body !== undefined && { body }),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError') throw new Fault('network.timeout', 'No answer in time.');
      throw new Fault('network.down', 'The server cannot be reached.');
    }
  }
}

function fill(path: string, params: Record<string, string> = {}): string {
  return path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''));
}

function search(query: Record<string, unknown> = {}): string {
  const entries = Object.entries(query).filter((entry) => entry[1] !== undefined);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()}`;
}
