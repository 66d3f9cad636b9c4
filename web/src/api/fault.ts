import type { ErrorCode, FieldError, Problem, SocketError } from './wire.js';

/** What can go wrong on the way, beside the words of the server's catalogue. */
export type NetworkFaultCode = 'network.down' | 'network.timeout' | 'network.unanswered' | 'response.unreadable';
export type FaultCode = ErrorCode | NetworkFaultCode;

const networkCodes: ReadonlySet<string> = new Set<NetworkFaultCode>([
  'network.down',
  'network.timeout',
  'network.unanswered',
  'response.unreadable',
]);

/** Why a call or a command failed: one class for REST, for the socket and for a network that is not there. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    /** A word of the catalogue, or of the network faults; a newer server may know more words. */
    readonly code: FaultCode | (string & {}),
    /** The server's own sentence, for words that this client does not know. */
    message: string,
    readonly details: { status?: number; retryAfter?: number; fields?: readonly FieldError[]; close?: number } = {},
  ) {
    super(message);
  }

  /** Seconds to wait before trying again, when the server said so. */
  get retryAfter(): number | undefined {
    return this.details.retryAfter;
  }

  get fields(): readonly FieldError[] {
    return this.details.fields ?? [];
  }

  /** Whether nobody knows if the request was carried out: the same may be sent again where it is idempotent. */
  get unknownOutcome(): boolean {
    return networkCodes.has(this.code);
  }

  /** Whether the same request may well succeed a little later. */
  get passing(): boolean {
    return this.unknownOutcome || this.code === 'server.busy' || this.code === 'server.unavailable' || this.code === 'server.restarting';
  }
}

/** Anything that was thrown, as a fault. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault('response.unreadable', error instanceof Error ? error.message : String(error));
}

/** A fault from an HTTP answer that is no success. */
export async function faultOfResponse(response: Response): Promise<Fault> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const header = Number(response.headers.get('retry-after'));
  const retryAfter = problem?.retryAfter ?? (Number.isFinite(header) && header > 0 ? header : undefined);
  const code = problem?.code ?? codeOfStatus(response.status);
  return new Fault(code, problem?.detail ?? response.statusText, {
    status: response.status,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(problem?.errors && { fields: problem.errors }),
  });
}

/** A fault from the acknowledgement of a command. */
export function faultOfAcknowledgement(error: SocketError): Fault {
  return new Fault(error.code, error.message, {
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    ...(error.errors && { fields: error.errors }),
  });
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 429) return 'rate.limited';
  if (status >= 502 && status <= 504) return 'server.unavailable';
  if (status >= 500) return 'server.internal';
  if (status === 401) return 'auth.required';
  if (status === 404) return 'route.not-found';
  return 'request.invalid';
}
