import { z } from 'zod';

/** Counts code points (a surrogate pair is one), cheaply for short texts. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      count--;
      i++;
    }
  }
  return count;
}

/** Lone surrogates cannot be stored as UTF-8 and NUL cannot be stored by PostgreSQL: both are refused everywhere. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

// White space, format and control characters, and the blank letters that are no white space to Unicode (Hangul fillers, Braille blank).
const invisible = /^[\s\p{Z}\p{C}\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5\ufe00-\ufe0f]*$/u;

/** Whether nothing of a text can be seen. */
export function isInvisible(text: string): boolean {
  return invisible.test(text);
}

/** A text of `min`–`max` code points without NUL and lone surrogates. */
export function text(max: number, min = 0) {
  return z
    .string()
    .refine(isStorable, { error: 'must not contain NUL or broken surrogates', params: { code: 'text-invalid' }, abort: true })
    .refine((value) => codePoints(value) <= max, { error: `must have at most ${max} characters`, params: { code: 'too-long' } })
    .refine((value) => codePoints(value) >= min, {
      error: min === 1 ? 'must not be empty' : `must have at least ${min} characters`,
      params: { code: 'too-short' },
    })
    .meta(min > 0 ? { minLength: min, maxLength: max } : { maxLength: max });
}

/** One line of visible text, trimmed: names and titles. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .refine(isStorable, { error: 'must not contain NUL or broken surrogates', params: { code: 'text-invalid' }, abort: true })

    .refine((value) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(value), {
      error: 'must be one line without control characters',
      params: { code: 'text-invalid' },
    })
    .refine((value) => !isInvisible(value), { error: 'must not be empty', params: { code: 'too-short' } })
    .refine((value) => codePoints(value) <= max, { error: `must have at most ${max} characters`, params: { code: 'too-long' } })
    .meta({ minLength: 1, maxLength: max });
}

/** Ids are UUIDs (version 7 when made here). */
export const id = z.uuid().meta({ description: 'UUIDv7' });

export const isoTime = z.iso.datetime({ precision: 3 }).meta({ description: 'ISO 8601, UTC' });

export const count = z.int().min(0);

/** Names nobody may take: they are words of the interface or of the house. */
export const reservedUsernames: ReadonlySet<string> = new Set([
  'system',
  'me',
  'admin',
  'moderator',
  'guest',
  'everyone',
  'here',
  'parley',
  'username-suggestions',
]);

const usernamePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{1,31}$/u;

/** 2–32 letters, marks and digits of any script, `_`, `-`, `.`, beginning with a letter or digit; NFC; unique without case. */
export const username = z
  .string()
  .normalize('NFC')
  .regex(usernamePattern, { error: 'must have 2 to 32 letters, digits, "_", "-" or "." and begin with a letter or digit' })
  .refine((value) => !reservedUsernames.has(value.toLowerCase()), { error: 'is a reserved name', params: { code: 'reserved' } });

/** A name to look somebody up by: any short text; whoever is not found is not found. */
export const usernameReference = text(64, 1);

// Linear by construction: no nested quantifier. One @, no white space, no comment, no quoting, a dotted domain or localhost-like test name.
const emailPattern = /^[^\s@"(),:;<>[\]\\]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,250}[\p{L}\p{N}])?$/u;

/** An email address in its plain form (no display name, comment, quoting or group), 254 characters at most. */
export const email = z
  .string()
  .trim()
  .refine(isStorable, { error: 'must not contain NUL or broken surrogates', params: { code: 'text-invalid' }, abort: true })
  .refine((value) => value.length <= 254, { error: 'must have at most 254 characters', params: { code: 'too-long' }, abort: true })
  .refine((value) => emailPattern.test(value) && !/\.\.|^\.|\.@|\p{C}/u.test(value) && value.split('@')[1]!.includes('.'), {
    error: 'must be an email address',
    params: { code: 'format' },
  })
  .meta({ format: 'email', maxLength: 254 });

/** Any string one could have typed as an address: used where a precise refusal would tell whether an account exists. */
export const emailReference = text(254, 1);

/** A new password: 8–256 characters; the rules about common and similar ones need the whole request, see `auth`. */
export const newPassword = text(256, 8).meta({ format: 'password' });

/** A password as typed at log-in. */
export const password = text(256, 1).meta({ format: 'password' });

export const sixDigits = z.string().regex(/^\d{6}$/, { error: 'must be six digits' });

/** An opaque token of ours (links, refresh tokens, tickets). */
export const opaqueToken = text(512, 1);

const roomNamePattern = /^[\p{L}\p{M}\p{N}_.-]{1,128}$/u;
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the shape of a UUID. */
export function looksLikeUuid(value: string): boolean {
  return uuidShape.test(value);
}

/** 1–128 letters, marks and digits of any script, `_`, `-`, `.`; NFC; unique without case; never shaped like a UUID, nor `.` or `..`. */
export const roomName = z
  .string()
  .normalize('NFC')
  .regex(roomNamePattern, { error: 'must have 1 to 128 letters, digits, "_", "-" or "."' })
  .refine((value) => !looksLikeUuid(value) && !/^\.{1,2}$/.test(value), { error: 'must not look like an id', params: { code: 'format' } });

/** A room's name or id. */
export const roomReference = text(128, 1).meta({ description: "a room's name or id" });

export const clientIdPattern = /^[\x20-\x7e]{1,64}$/;

/** 1–64 printable ASCII characters, unique per room and author, for ever. */
export const clientId = z.string().regex(clientIdPattern, { error: 'must have 1 to 64 printable ASCII characters' });

/** What a message says, or nothing: at most 4096 code points. */
export const messageText = z
  .string()
  .refine(isStorable, { error: 'must not contain NUL or broken surrogates', params: { code: 'text-invalid' }, abort: true })
  .refine((value) => codePoints(value) <= 4096, {
    error: 'must have at most 4096 characters',
    params: { code: 'message.too-long' },
    abort: true,
  })
  .meta({ maxLength: 4096 });

/** What a message says: 1–4096 code points, something of it visible. */
export const messageContent = messageText
  .refine((value) => !isInvisible(value), { error: 'must not be empty', params: { code: 'message.empty' } })
  .meta({ minLength: 1, maxLength: 4096 });

/** Files that a message shows: uploaded by its sender before, used by nothing else, ten at most. */
export const attachmentIds = z
  .array(id)
  .max(10)
  .refine((ids) => new Set(ids).size === ids.length, { error: 'must name each file once', params: { code: 'repeated' } })
  .meta({ description: 'ids of files of `POST /files`' });

/** A message says something or shows something: for a schema with `content` and `attachments`. */
export function substantial<T extends z.ZodType<{ content?: string | undefined; attachments?: readonly string[] | undefined }>>(
  type: T,
): T {
  return type.superRefine(({ content, attachments }, context) => {
    if (attachments && attachments.length > 0) return;
    const fault = content === undefined ? 'required' : isInvisible(content) ? 'message.empty' : null;
    if (fault) context.addIssue({ code: 'custom', path: ['content'], message: 'must not be empty', params: { code: fault } });
  });
}

/** An http or https address, 2048 characters at most; nothing else is ever stored as a link. */
export const httpUrl = z
  .string()
  .trim()
  .refine(
    (value) => {
      if (value.length > 2048 || !isStorable(value) || /[\u0000-\u0020]/.test(value)) return false;
      const url = URL.canParse(value) ? new URL(value) : null;
      return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password;
    },
    { error: 'must be an http or https address', params: { code: 'format' } },
  )
  .meta({ format: 'uri', maxLength: 2048 });

/** A day of somebody's life: `YYYY-MM-DD`, a real date, not before 1900 and in the past (by UTC). */
export const birthDate = z.iso
  .date({ error: 'must be a date like 1990-12-31' })
  .refine((value) => value >= '1900-01-01', { error: 'must not be before 1900', params: { code: 'too-early' } })
  .refine((value) => value < new Date().toISOString().slice(0, 10), { error: 'must be in the past', params: { code: 'too-late' } });

/** A time zone by its IANA name, such as `Europe/Kyiv` or `UTC`; no bare offset, because those know no summer time. */
export const timeZone = z
  .string()
  .refine((value) => /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value) && isTimeZone(value), {
    error: 'must be the name of a time zone like Europe/Kyiv',
    params: { code: 'format' },
  })
  .meta({ maxLength: 64 });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

/** How a person signs: by name or by an uploaded picture. */
export const signatureChoice = z.enum(['name', 'image']);

export const locale = z.enum(['en', 'uk', 'ru']);
export const siteRole = z.enum(['user', 'moderator', 'admin']);
export const accountType = z.enum(['member', 'startup', 'investor']);

/** A page's size in a query string: 1–100. */
export const limit = z.coerce.number().int().min(1).max(100);

/** A number in a query string, for cursors that are `seq`, `position` and the like. */
export const queryNumber = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'must be a whole number' })
  .transform(Number)
  .pipe(z.int().min(0));

export const cursor = text(512, 1);

// One emoji as Unicode recommends it for general interchange, sequences included (UTS #51). Node knows the set; no list of our own grows old.
const oneEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** One emoji (RGI, UTS #51). */
export const emoji = z
  .string()
  .refine((value) => value.length <= 64 && oneEmoji.test(value), { error: 'must be one emoji', params: { code: 'format' } })
  .meta({ minLength: 1, maxLength: 64 });
