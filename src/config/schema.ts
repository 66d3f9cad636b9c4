import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { normalOrigin } from '../common/origin.js';
import { parseDuration } from '../common/duration.js';
import { readStorageAddress } from '../common/storage-address.js';

/** One environment variable: its check, its default in words, and what it is for. The order here is the order of `.env.example`. */
interface Variable {
  schema: z.ZodType<unknown, string>;
  default?: string;
  /** What stands in `.env.example` when the default is computed. */
  example?: string;
  about: string;
}

const onOff = z.enum(['on', 'off'], { error: 'must be "on" or "off"' }).transform((value) => value === 'on');

const duration = (min: number, max: number, words: string) =>
  z.string().transform((value, context) => {
    const ms = parseDuration(value);
    if (ms === null || ms < min || ms > max) {
      context.addIssue({ code: 'custom', message: `must be a duration like "15m", "12h" or "30d" ${words}` });
      return z.NEVER;
    }
    return ms / 1000;
  });

const units = { MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;

const byteCount = z.string().transform((value, context) => {
  const [, digits, unit] = /^(\d{1,6}) ?(MB|GB|TB)$/.exec(value) ?? [];
  const bytes = Number(digits) * units[unit as keyof typeof units];
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  context.addIssue({ code: 'custom', message: 'must be a size like "500MB", "2GB" or "1TB"' });
  return z.NEVER;
});

const mostProcesses = 64;

const processCount = z.string().transform((value, context) => {
  const count = value === 'cores' ? Math.min(mostProcesses, availableParallelism()) : /^\d{1,2}$/.test(value) ? Number(value) : 0;
  if (count >= 1 && count <= mostProcesses) return count;
  context.addIssue({ code: 'custom', message: `must be a number from 1 to ${mostProcesses}, or "cores"` });
  return z.NEVER;
});

const storageAddress = z.string().superRefine((value, context) => {
  const address = readStorageAddress(value);
  if ('fault' in address) context.addIssue({ code: 'custom', message: address.fault });
});

const webAddress = z
  .string()
  .refine((value) => normalOrigin(value) !== null && new URL(value).search === '' && new URL(value).hash === '', {
    error: 'must be an http or https address such as https://chat.example.org',
  })
  .transform((value) => value.replace(/\/+$/, ''));

const addressWith = (protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const origins = z.string().transform((value, context) => {
  const found = new Set<string>();
  for (const part of value.split(',').map((item) => item.trim())) {
    const origin = normalOrigin(part);
    if (origin === null)
      context.addIssue({
        code: 'custom',
        message: `"${part.slice(0, 80)}" is not an origin; write a list like https://app.example.org,https://admin.example.org`,
      });
    else found.add(origin);
  }
  return found;
});

const trustProxy = z.string().transform((value, context) => {
  if (value === 'off') return false as const;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  if (/^[0-9a-fA-F.:/, ]+$/.test(value)) return value;
  context.addIssue({ code: 'custom', message: 'must be "off", the number of proxies in front, or their addresses separated by commas' });
  return z.NEVER;
});

export const variables = {
  NODE_ENV: {
    schema: z.enum(['development', 'test', 'production'], { error: 'must be development, test or production' }),
    default: 'development',
    about: 'production refuses to start without SMTP_URL and a strong JWT_ACCESS_SECRET.',
  },
  HOST: { schema: z.string().max(255), default: '127.0.0.1', about: 'The address to listen on; 0.0.0.0 for all.' },
  PORT: {
    schema: z
      .string()
      .regex(/^\d{1,5}$/, { error: 'must be a number from 0 to 65535' })
      .transform(Number)
      .pipe(z.int().max(65535, { error: 'must be a number from 0 to 65535' })),
    default: '3000',
    about: 'The port to listen on.',
  },
  PROCESSES: {
    schema: processCount,
    default: '1',
    about:
      'How many processes share the port, or "cores" for one per core; each is a node. More than one needs DATABASE_URL, and turns long polling of Socket.IO off.',
  },
  PUBLIC_URL: {
    schema: webAddress,
    example: 'http://localhost:3000',
    about: 'Where people reach this server. Default: http://localhost:PORT.',
  },
  FRONTEND_URL: {
    schema: webAddress,
    example: 'http://localhost:3000',
    about: 'Builds the links in mails: your own SPA, or the bundled client. Default: PUBLIC_URL.',
  },
  DATABASE_URL: {
    schema: addressWith(['postgres:', 'postgresql:']),
    example: 'postgres://parley:password@127.0.0.1:5432/parley',
    about: 'PostgreSQL 15 or later. Absent: the embedded database under DATA_DIR.',
  },
  DATABASE_POOL_SIZE: {
    schema: z
      .string()
      .regex(/^\d{1,3}$/, { error: 'must be a number from 2 to 200' })
      .transform(Number)
      .pipe(z.int().min(2, { error: 'must be a number from 2 to 200' }).max(200, { error: 'must be a number from 2 to 200' })),
    default: '10',
    about: 'Connections to PostgreSQL per node.',
  },
  DATA_DIR: { schema: z.string(), default: './data', about: 'Where the embedded database, files and the development secret are kept.' },
  REDIS_URL: {
    schema: addressWith(['redis:', 'rediss:']),
    example: 'redis://127.0.0.1:6379',
    about:
      'Redis 7 or later, for several nodes on one DATABASE_URL. Absent: one node; several hear each other within seconds, through PostgreSQL.',
  },
  SMTP_URL: {
    schema: addressWith(['smtp:', 'smtps:']),
    example: 'smtps://user:password@mail.example.org:465',
    about: 'Outgoing mail. Absent in development: the mailbox at /dev/mail.',
  },
  MAIL_FROM: {
    schema: z
      .string()
      .max(320)

      .refine(
        (value) => !/[\u0000-\u001f\u007f]/.test(value) && /^(?:[^<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value.trim()),
        { error: 'must be an address such as Parley <parley@example.org>' },
      ),
    default: 'Parley <parley@localhost>',
    about: 'The sender of mails.',
  },
  JWT_ACCESS_SECRET: {
    schema: z.string().max(4096),
    example: '',
    about:
      'Signs access tokens: 32 bytes or more, for example from "openssl rand -base64 48". Absent in development: made and kept under DATA_DIR.',
  },
  ACCESS_TOKEN_TTL: { schema: duration(1_000, 86_400_000, 'between 1s and 1d'), default: '15m', about: 'Life of an access token.' },
  REFRESH_TOKEN_TTL: {
    schema: duration(60_000, 31_536_000_000, 'between 1m and 365d'),
    default: '30d',
    about: 'Life of a session that is not used.',
  },
  ALLOWED_ORIGINS: {
    schema: origins,
    example: 'http://localhost:3000',
    about: 'Browser origins that may call, separated by commas. Default: PUBLIC_URL and FRONTEND_URL.',
  },
  COOKIE_SAMESITE: {
    schema: z.enum(['lax', 'strict', 'none'], { error: 'must be lax, strict or none' }),
    default: 'lax',
    about: 'SameSite of the session cookie; none needs https.',
  },
  COOKIE_DOMAIN: {
    schema: z.string().regex(/^\.?[a-z0-9.-]{1,253}$/i, { error: 'must be a domain name' }),
    example: '',
    about: 'Domain of the session cookie. Absent: this host alone.',
  },
  TRUST_PROXY: {
    schema: trustProxy,
    default: 'off',
    about: 'Whose X-Forwarded-For is believed: off, the number of proxies in front, or their addresses.',
  },
  DRAIN_TIME: {
    schema: duration(0, 10_000, 'of at most 10s'),
    default: '5s',
    about:
      'When the server is told to stop: over how long its sockets are closed at most, so that they do not all go to the other nodes at once.',
  },
  PING_INTERVAL: {
    schema: duration(1_000, 60_000, 'between 1s and 1m'),
    default: '25s',
    about: 'Between two pings of an open socket: less than any proxy in between lets a connection be silent.',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    }),
    default: 'info',
    about: 'How much is logged.',
  },
  REGISTRATION: {
    schema: z.enum(['open', 'invite', 'closed'], { error: 'must be open, invite or closed' }),
    default: 'open',
    about: 'Who may register.',
  },
  GUESTS: { schema: onOff, default: 'on', about: 'Whether people without an account may read rooms that allow guests.' },
  ROOM_AUTOCREATE: { schema: onOff, default: 'on', about: 'Whether a signed-in person who enters an unknown public room creates it.' },
  SYSTEM_MESSAGES: { schema: onOff, default: 'off', about: 'Whether rooms record who became a member and who left.' },
  STORAGE_URL: {
    schema: storageAddress,
    example: '',
    about: 'An S3 bucket for files: s3://KEY:SECRET@host:port/bucket?region=eu-central-1 (tls=off for plain http). Absent: under DATA_DIR.',
  },
  FILES_QUOTA: { schema: byteCount, default: '1GB', about: 'How much the files of one person may take, all sizes of pictures together.' },
  EXPORT_LIFE: {
    schema: duration(60_000, 2_592_000_000, 'between 1m and 30d'),
    default: '7d',
    about: "How long the archive of somebody's own data is kept.",
  },
  DELETION_GRACE: {
    schema: duration(1_000, 7_776_000_000, 'between 1s and 90d'),
    default: '14d',
    about: 'How long the deletion of an account can be taken back.',
  },
  METRICS_TOKEN: {
    schema: z.string().min(16, { error: 'must have at least 16 characters' }).max(512),
    example: '',
    about: 'Bearer token for /metrics. Absent: loopback only.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: addressWith(['http:', 'https:']),
    example: 'http://127.0.0.1:4318',
    about:
      'Traces go to this collector of OpenTelemetry, by OTLP over HTTP as JSON; /v1/traces is added. Absent: no traces, and none of their libraries is loaded.',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    schema: addressWith(['http:', 'https:']),
    example: '',
    about: 'As OTEL_EXPORTER_OTLP_ENDPOINT, the whole address; it wins.',
  },
  OTEL_SERVICE_NAME: {
    schema: z.string().max(255, { error: 'must have at most 255 characters' }),
    example: 'parley',
    about: 'The name under which traces are told.',
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    schema: z.string().regex(/^[^=,]+=[^=,]*(,[^=,]+=[^=,]*)*$/, {
      error: 'must be pairs like "deployment.environment=production,team=chat", with "," and "=" inside of them percent-encoded',
    }),
    example: '',
    about: 'What traces tell of this server: NAME=VALUE, separated by commas.',
  },
  OTEL_TRACES_SAMPLER: {
    schema: z.enum(
      ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
      { error: 'must be always_on, always_off or traceidratio, or one of them after "parentbased_"' },
    ),
    example: 'parentbased_always_on',
    about: "Which traces are told. parentbased_…: as the caller's traceparent says, where there is one.",
  },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: z.string().regex(/^(0?\.\d{1,9}|0|1(\.0{1,9})?)$/, { error: 'must be a number from 0 to 1' }),
    example: '',
    about: 'The share of traces that traceidratio tells, from 0 to 1.',
  },
  DOCS: { schema: onOff, example: 'on', about: 'The pages under /docs. Default: on outside production.' },
  RATE_LIMITS: { schema: onOff, default: 'on', about: 'off is refused in production.' },
  RATE_LIMIT_SCALE: {
    schema: z
      .string()
      .regex(/^\d{1,6}(\.\d{1,3})?$/, { error: 'must be a positive number' })
      .transform(Number)
      .pipe(z.number().positive({ error: 'must be a positive number' })),
    default: '1',
    about: 'Multiplies every limit; the limiter still runs.',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
export type VariableValue<N extends VariableName> = z.output<(typeof variables)[N]['schema']>;
