import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { Settings } from '../../config/settings.js';
import { redact, redactText } from './redact.js';

/** Nest tells every module and route at each start: a hundred lines that only its developer reads. */
const frameworkNoise: ReadonlySet<unknown> = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'WebSocketsController']);

/** One line about an answered request, built by the server alone. */
export interface RequestLine {
  requestId: string;
  /** Where traces are on and this one is told. */
  traceId?: string;
  method: string;
  route: string;
  path: string;
  status: number;
  ms: number;
  personId?: string;
}

/**
 * The server's log: lines of JSON, or readable ones on a terminal in development. Everything that is logged passes the redactor first,
 * so that no caller has to think of it.
 */
export class PinoLogger implements LoggerService {
  private readonly pino: Pino;

  /** @param destination where lines go; standard output when absent */
  constructor(settings: Pick<Settings, 'logLevel' | 'nodeEnv'>, destination?: DestinationStream) {
    const options = {
      level: settings.logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
    };
    this.pino = pino(options, destination ?? defaultDestination(settings));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(frameworkNoise.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // What keeps the server from starting is told by main, once, in words.
    this.write(rest.at(-1) === 'ExceptionHandler' ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** An answered request; routine ones only at level debug. */
  request(line: RequestLine): void {
    const level = line.status >= 500 ? 'error' : isRoutine(line) ? 'debug' : 'info';
    if (!this.pino.isLevelEnabled(level)) return;
    this.pino[level]({ context: 'http', ...line, path: redactText(line.path.slice(0, 512)) }, 'request');
  }

  /**
   * The shapes in which Nest and the house call a logger: `('words')`, `({ fields }, 'words')`, `(error)`, `('words', stack)`, each with the
   * name of the caller as the last text.
   */
  private write(level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const last = rest.at(-1);
    const context = typeof last === 'string' && !isStack(last) ? last : undefined;
    const middle = (context === undefined ? rest : rest.slice(0, -1)).filter((part) => part !== undefined);
    const fields: Record<string, unknown> = {};
    const words: string[] = [];
    for (const part of [message, ...middle]) {
      if (typeof part === 'string') {
        if (isStack(part))
          fields['stack'] = part
            .split('\n')
            .slice(0, 20)
            .map((line) => line.trim());
        else words.push(part);
      } else if (part instanceof Error) fields['error'] = part;
      else if (typeof part === 'object' && part !== null && !Array.isArray(part)) Object.assign(fields, part);
      else fields['value'] = part;
    }
    const safe = redact(fields) as Record<string, unknown>;
    this.pino[level]({ ...(context !== undefined ? { context: redactText(context) } : {}), ...safe }, redactText(words.join(' ')));
  }
}

/** Whether nobody wants to hear of it: probes, which come every few seconds, and the web client's files. */
export function isRoutine({ path, route, status }: Pick<RequestLine, 'path' | 'route' | 'status'>): boolean {
  return /^\/(?:health|metrics)/.test(path) || (route === 'none' && status < 400);
}

function isStack(text: string): boolean {
  return /\n\s{1,8}at /.test(text);
}

function defaultDestination(settings: Pick<Settings, 'nodeEnv'>): DestinationStream {
  if (settings.nodeEnv === 'development' && process.stdout.isTTY) {
    return pretty({ colorize: true, sync: true, translateTime: 'HH:MM:ss', messageFormat: '{context}: {msg}', ignore: 'context' });
  }
  return pino.destination({ fd: 1, sync: true });
}
