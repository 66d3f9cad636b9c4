import { isErrorCode } from '../../contracts/index.js';

const removed = '[redacted]';
const longestText = 8_192;
const deepest = 6;
const widest = 50;
/** All nodes of one logged value together: a socket or a request would be thousands. */
const mostNodes = 500;

const secretKey = /token|password|passwd|secret|ticket|cookie|authorization|credential|apikey/;
const secretKeys = new Set(['access', 'refresh', 'code', 'otp', 'jwt', 'bearer']);

/** Values of a key `code` that are words of a catalogue and not a mailed code: ours, Node's, PostgreSQL's, WebSocket's. */
function isPlainCode(value: unknown): boolean {
  if (typeof value === 'number') return value >= 0 && value < 10_000;
  return (
    isErrorCode(value) || (typeof value === 'string' && /^(?:E[A-Z0-9_]{2,30}|(?:FST|ERR|UND)_[A-Z0-9_]{2,60}|[0-9A-Z]{5})$/.test(value))
  );
}

function isSecret(key: string, value: unknown): boolean {
  const plain = key.toLowerCase().replace(/[^a-z]/g, '');
  if (plain === 'code') return !isPlainCode(value);
  return secretKeys.has(plain) || secretKey.test(plain);
}

// Each pattern is linear: a bounded repetition or a class that excludes its own delimiter.
const patterns: readonly [RegExp, string][] = [
  // JSON Web Tokens, whole or cut off.
  [/eyJ[\w-]{3,}(?:\.[\w-]*){0,4}/g, removed],
  [/\bBearer[ .:=]{1,3}[\w.~+/=-]+/gi, `Bearer ${removed}`],
  [/\bparley_session=[^;\s]+/gi, `parley_session=${removed}`],
  // Of addresses and forms.
  [/(token|ticket|code|access|refresh|password|passwordConfirmation|secret|authorization)=[^&\s"'<>]+/gi, `$1=${removed}`],
  // Of JSON and of objects printed as text. A code is only taken away where it has six digits, below.
  [
    /((?:token|ticket|password|passwordConfirmation|secret|authorization|"access"|"refresh")["']?\s{0,4}:\s{0,4})(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,;}\])]+)/gi,
    `$1${removed}`,
  ],
  [/(code|код)(\D{0,40}?)(?<!\d)\d{6}(?!\d)/giu, `$1$2${removed}`],
  // Credentials in addresses of databases, brokers, file stores and mail servers; such a password may hold a slash.
  [/((?:postgres(?:ql)?|rediss?|smtps?|s3):\/\/)\S{0,1024}@/gi, `$1${removed}@`],
  [/(:\/\/)[^\s/?#@]{1,256}@/g, `$1${removed}@`],
  // Our own opaque tokens: 32 random bytes in base64url.
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, removed],
];

// Control characters, C1 too (a terminal obeys them), line separators, and the marks that turn the direction of text.

const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text without secrets and without characters that could forge a line of the log or drive a terminal; 8 KiB at most. */
export function redactText(text: string): string {
  let result = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A copy of any value that is safe to log: no values of secret keys, no secrets inside texts, bounded in depth, width and size. */
export function redact(value: unknown): unknown {
  return new Copy().of(value, 0);
}

class Copy {
  private nodes = 0;

  of(value: unknown, depth: number): unknown {
    this.nodes += 1;
    if (this.nodes > mostNodes) return '[…]';
    switch (typeof value) {
      case 'string':
        return redactText(value);
      case 'bigint':
        return value.toString();
      case 'function':
      case 'symbol':
        return `[${typeof value}]`;
      case 'object':
        return value === null ? null : this.ofObject(value, depth);
      default:
        return value;
    }
  }

  private ofObject(value: object, depth: number): unknown {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (depth >= deepest) return '[…]';
    if (value instanceof Error) return this.ofError(value, depth);
    if (value instanceof Map)
      return this.entries(
        [...value.entries()].slice(0, widest).map(([key, inner]) => [String(key), inner]),
        depth,
      );
    if (value instanceof Set) return this.ofList([...value], depth);
    if (Array.isArray(value)) return this.ofList(value, depth);
    return this.entries(Object.entries(value), depth);
  }

  private ofList(list: unknown[], depth: number): unknown[] {
    const shown = list.slice(0, widest).map((item) => this.of(item, depth + 1));
    return list.length > widest ? [...shown, `… ${list.length - widest} more`] : shown;
  }

  private entries(entries: [string, unknown][], depth: number): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [key, inner] of entries.slice(0, widest)) {
      result[redactText(key.slice(0, 128))] = inner !== undefined && isSecret(key, inner) ? removed : this.of(inner, depth + 1);
    }
    return result;
  }

  /**
   * An error by its words and frames. Further fields are an allow-list: a failed query carries its parameters, and PostgreSQL's `detail`
   * repeats the values of the row.
   */
  private ofError(error: Error, depth: number): Record<string, unknown> {
    const { code, constraint, table, column, query, driverError, errors } = error as Error & Record<string, unknown>;
    const shown: Record<string, unknown> = { name: redactText(error.name), message: redactText(error.message) };
    for (const [key, field] of Object.entries({ constraint, table, column, query })) {
      if (typeof field === 'string') shown[key] = redactText(field.slice(0, 500));
    }
    if (isPlainCode(code)) shown['code'] = code;
    else if (driverError instanceof Error && isPlainCode((driverError as { code?: unknown }).code)) {
      shown['code'] = (driverError as { code?: unknown }).code;
    }
    shown['stack'] = framesOf(error);
    if (error.cause !== undefined) shown['cause'] = this.of(error.cause, depth + 1);
    if (Array.isArray(errors)) shown['errors'] = this.ofList(errors, depth + 1);
    return shown;
  }
}

/** The frames alone, one text each: the message before them may contain anything, line breaks too. */
function framesOf(error: Error): string[] {
  const stack = typeof error.stack === 'string' ? error.stack : '';
  return stack
    .split('\n')
    .filter((line) => /^\s{1,8}at /.test(line))
    .slice(0, 20)
    .map((line) => redactText(line.trim()));
}
