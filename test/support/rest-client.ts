import { checkAnswer } from './check-answer.js';

/** What a call answered. `body` is the parsed JSON, undefined without one. */
export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers freely; their shape is checked against the contract
  body: any;
}

export interface CallOptions {
  headers?: Record<string, string>;
  /** Sent as it is, instead of JSON. */
  raw?: string | Uint8Array;
  /** Sent as multipart/form-data, instead of JSON. */
  form?: FormData;
}

/** A small REST client. Every answer it sees is compared with the documented contract, so that an undocumented field or status fails the test. */
export class RestClient {
  constructor(
    readonly url: string,
    readonly token?: string,
  ) {}

  /** The same server as somebody else. */
  as(token: string): RestClient {
    return new RestClient(this.url, token);
  }

  get(path: string, options?: CallOptions): Promise<Answer> {
    return this.call('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('POST', path, body, options);
  }

  put(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('PUT', path, body, options);
  }

  patch(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('PATCH', path, body, options);
  }

  delete(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('DELETE', path, body, options);
  }

  /** @param path below /api/v1 when it begins with a name of the API, whole when it begins with `!` */
  async call(method: string, path: string, body?: unknown, { headers = {}, raw, form }: CallOptions = {}): Promise<Answer> {
    const address = path.startsWith('!') ? this.url + path.slice(1) : `${this.url}/api/v1${path}`;
    const payload = form ?? raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      headers: {
        ...(payload === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload as string }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '' ? (JSON.parse(text) as unknown) : undefined;
    if (!path.startsWith('!')) checkAnswer(method, path, response.status, json);
    return { status: response.status, headers: response.headers, body: json ?? (text === '' ? undefined : text) };
  }
}
