import { errorCatalogue, type ErrorCode, type FieldError, type SocketError } from '../contracts/index.js';

export interface AppErrorDetails {
  /** Seconds after which the same request may succeed. */
  retryAfter?: number;
  /** What is wrong with which field. */
  errors?: FieldError[];
  /** Instead of the catalogue's sentence, where more can be said without telling a secret. */
  message?: string;
  cause?: unknown;
}

/** A fault that a person is told of, by a word of the catalogue; one mapper serves every door. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;
  readonly errors: FieldError[] | undefined;

  constructor(code: ErrorCode, details: AppErrorDetails = {}) {
    super(details.message ?? errorCatalogue[code].message, { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryAfter = details.retryAfter;
    this.errors = details.errors;
  }

  /** HTTP status. */
  get status(): number {
    return errorCatalogue[this.code].status;
  }

  /** WebSocket close code, when this fault ends a socket. */
  get closeCode(): number | undefined {
    const entry: { status: number; close?: number } = errorCatalogue[this.code];
    return entry.close;
  }

  /** What is wrong with which field: every refusal of what was sent (422) names one. */
  get fieldErrors(): FieldError[] | undefined {
    if (this.errors || this.status !== 422) return this.errors;
    const { field = '' }: { status: number; field?: string } = errorCatalogue[this.code];
    return [{ field, code: this.code, message: this.message }];
  }

  /** As it stands in an acknowledgement or an `error` event. */
  toSocketError(): SocketError {
    return {
      code: this.code,
      message: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
      ...(this.retryAfter !== undefined ? { retryAfter: this.retryAfter } : {}),
    };
  }
}
