import { normalOrigin } from '../common/origin.js';
import { variables, type VariableName, type VariableValue } from './schema.js';

/** The injection token of the settings. */
export const SETTINGS = Symbol('SETTINGS');

/** Everything that can be set from outside, checked. Durations are in seconds. */
export interface Settings {
  nodeEnv: 'development' | 'test' | 'production';
  host: string;
  port: number;
  /** How many processes share the port, each a node. */
  processes: number;
  /** Without a slash at the end. */
  publicUrl: string;
  frontendUrl: string;
  databaseUrl?: string;
  databasePoolSize: number;
  dataDir: string;
  redisUrl?: string;
  smtpUrl?: string;
  mailFrom: string;
  /** The root of every key; see `deriveKey`. */
  jwtAccessSecret: string;
  accessTokenTtl: number;
  refreshTokenTtl: number;
  allowedOrigins: ReadonlySet<string>;
  cookieSameSite: 'lax' | 'strict' | 'none';
  cookieDomain?: string;
  trustProxy: false | number | string;
  /** Over how long a stopping server closes its sockets at most. */
  drainTime: number;
  /** Between two pings of an open socket. */
  pingInterval: number;
  logLevel: VariableValue<'LOG_LEVEL'>;
  registration: 'open' | 'invite' | 'closed';
  guests: boolean;
  roomAutocreate: boolean;
  systemMessages: boolean;
  storageUrl?: string;
  /** Bytes that the files of one person may take. */
  filesQuota: number;
  /** Seconds that an archive of somebody's own data is kept. */
  exportLife: number;
  /** Seconds in which the deletion of an account can be taken back. */
  deletionGrace: number;
  metricsToken?: string;
  /** Where traces go, the whole address; absent: nowhere. The other variables of OpenTelemetry are read by its library. */
  tracesUrl?: string;
  docs: boolean;
  rateLimits: boolean;
  rateLimitScale: number;
}

/** Every fault of the environment at once, in words. */
export class SettingsError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `Parley cannot start: ${faults.length === 1 ? 'one setting is' : `${faults.length} settings are`} not right.\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'SettingsError';
  }
}

type Parsed = { [N in VariableName]?: VariableValue<N> };

/** Sample and throw-away secrets that people forget to change. */
function isWeakSecret(secret: string): boolean {
  return Buffer.byteLength(secret) < 32 || new Set(secret).size < 10 || /change|example|secret|password|default|your[-_ ]/i.test(secret);
}

/** On loopback a browser may say localhost, 127.0.0.1 or [::1] and mean the same server. */
function withLoopbackNames(origin: string): string[] {
  const url = new URL(origin);
  const names = ['localhost', '127.0.0.1', '[::1]'];
  return names.includes(url.hostname) ? names.map((name) => `${url.protocol}//${name}${url.port ? `:${url.port}` : ''}`) : [origin];
}

/** The standard's rule: the address for traces as it is, the one for everything with a path of its own for each. */
function tracing({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole, OTEL_EXPORTER_OTLP_ENDPOINT: base }: Parsed): Pick<Settings, 'tracesUrl'> {
  if (whole) return { tracesUrl: whole };
  return base ? { tracesUrl: `${base.replace(/\/+$/, '')}/v1/traces` } : {};
}

function productionFaults(parsed: Parsed, rateLimits: boolean): string[] {
  const faults: string[] = [];
  if (!parsed.SMTP_URL) faults.push('SMTP_URL is missing: in production mails must be sent.');
  if (!parsed.JWT_ACCESS_SECRET) faults.push('JWT_ACCESS_SECRET is missing: make one with "openssl rand -base64 48".');
  else if (isWeakSecret(parsed.JWT_ACCESS_SECRET)) {
    faults.push('JWT_ACCESS_SECRET is weak (a sample, or less than 32 bytes of randomness): make one with "openssl rand -base64 48".');
  }
  if (!rateLimits) faults.push('RATE_LIMITS=off is not allowed in production; raise RATE_LIMIT_SCALE instead.');
  return faults;
}

/**
 * Reads and checks the environment. An empty variable counts as absent.
 * @param madeSecret gives the development secret kept under a data folder; called only when JWT_ACCESS_SECRET is absent
 * @throws SettingsError naming every fault at once; values of secrets are never repeated
 */
export function readSettings(env: Record<string, string | undefined>, madeSecret: (dataDir: string) => string): Settings {
  const faults: string[] = [];
  const parsed: Parsed = {};
  for (const name of Object.keys(variables) as VariableName[]) {
    const variable: { schema: (typeof variables)[VariableName]['schema']; default?: string } = variables[name];
    const value = env[name]?.trim() || variable.default;
    if (value === undefined) continue;
    const result = variable.schema.safeParse(value);
    if (result.success) Object.assign(parsed, { [name]: result.data });
    else for (const issue of result.error.issues) faults.push(`${name} ${issue.message}.`);
  }

  const production = parsed.NODE_ENV === 'production';
  if (production) faults.push(...productionFaults(parsed, parsed.RATE_LIMITS ?? true));
  if (parsed.COOKIE_SAMESITE === 'none' && !(parsed.PUBLIC_URL ?? '').startsWith('https:')) {
    faults.push('COOKIE_SAMESITE=none needs an https PUBLIC_URL: browsers refuse such a cookie elsewhere.');
  }
  if ((parsed.PROCESSES ?? 1) > 1 && !parsed.DATABASE_URL && !env['DATABASE_URL']?.trim()) {
    faults.push(
      `PROCESSES asks for ${parsed.PROCESSES} processes, and the embedded database serves one alone: set DATABASE_URL, or PROCESSES to 1.`,
    );
  }
  if (faults.length > 0) throw new SettingsError(faults);

  const required = parsed as Required<Parsed>;
  const publicUrl = parsed.PUBLIC_URL ?? `http://localhost:${required.PORT}`;
  const frontendUrl = parsed.FRONTEND_URL ?? publicUrl;
  const defaultOrigins = [publicUrl, frontendUrl].map((url) => normalOrigin(url)!);
  return {
    nodeEnv: required.NODE_ENV,
    host: required.HOST,
    port: required.PORT,
    processes: required.PROCESSES,
    publicUrl,
    frontendUrl,
    ...(parsed.DATABASE_URL ? { databaseUrl: parsed.DATABASE_URL } : {}),
    databasePoolSize: required.DATABASE_POOL_SIZE,
    dataDir: required.DATA_DIR,
    ...(parsed.REDIS_URL ? { redisUrl: parsed.REDIS_URL } : {}),
    ...(parsed.SMTP_URL ? { smtpUrl: parsed.SMTP_URL } : {}),
    mailFrom: required.MAIL_FROM,
    jwtAccessSecret: parsed.JWT_ACCESS_SECRET ?? madeSecret(required.DATA_DIR),
    accessTokenTtl: required.ACCESS_TOKEN_TTL,
    refreshTokenTtl: required.REFRESH_TOKEN_TTL,
    allowedOrigins: parsed.ALLOWED_ORIGINS ?? new Set(production ? defaultOrigins : defaultOrigins.flatMap(withLoopbackNames)),
    cookieSameSite: required.COOKIE_SAMESITE,
    ...(parsed.COOKIE_DOMAIN ? { cookieDomain: parsed.COOKIE_DOMAIN } : {}),
    trustProxy: required.TRUST_PROXY,
    drainTime: required.DRAIN_TIME,
    pingInterval: required.PING_INTERVAL,
    logLevel: required.LOG_LEVEL,
    registration: required.REGISTRATION,
    guests: required.GUESTS,
    roomAutocreate: required.ROOM_AUTOCREATE,
    systemMessages: required.SYSTEM_MESSAGES,
    ...(parsed.STORAGE_URL ? { storageUrl: parsed.STORAGE_URL } : {}),
    filesQuota: required.FILES_QUOTA,
    exportLife: required.EXPORT_LIFE,
    deletionGrace: required.DELETION_GRACE,
    ...(parsed.METRICS_TOKEN ? { metricsToken: parsed.METRICS_TOKEN } : {}),
    ...tracing(parsed),
    docs: parsed.DOCS ?? !production,
    rateLimits: required.RATE_LIMITS,
    rateLimitScale: required.RATE_LIMIT_SCALE,
  };
}
