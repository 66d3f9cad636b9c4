import { domainToASCII, domainToUnicode } from 'node:url';

/** An address as the mail library gets it: never one raw string, whose parsers have redirected mails more than once. */
export interface StructuredAddress {
  /** Display name; empty for none. */
  name: string;
  address: string;
}

// A dot-atom (RFC 5322) with letters of any script (RFC 6531): no quoting, no comment, no group, no route, no domain literal.
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domainLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// Letters, digits and hyphens to look at, nothing that is invisible or that stands for an ASCII character.
const writtenDomain = /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)*$/u;

/**
 * The one address that a text is, its domain in ASCII; null for everything else: lists, groups, display names, comments, quoting, control and
 * invisible characters, domains that would silently become another one.
 */
export function parseMailAddress(text: string): string | null {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (at < 1 || text.length > 254 || Buffer.byteLength(local) > 64 || !localPart.test(local) || local !== local.normalize('NFC'))
    return null;
  if (/[\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\ufe00-\ufe0f]/u.test(text)) return null;
  const ascii = asciiDomain(domain);
  return ascii === null ? null : `${local}@${ascii}`;
}

function asciiDomain(domain: string): string | null {
  if (!writtenDomain.test(domain)) return null;
  const ascii = domainToASCII(domain);
  if (ascii === '' || ascii.length > 253 || !ascii.split('.').every((label) => domainLabel.test(label)) || /^[\d.]+$/.test(ascii))
    return null;
  // What was written must be what is meant: full-width letters and the like map to other domains.

  const plain = /^[\u0000-\u007f]+$/.test(domain);
  return plain || domainToUnicode(ascii) === domain.normalize('NFC').toLowerCase() ? ascii : null;
}

/**
 * The sender's setting, `Name <address>` or an address alone.
 * @throws Error in words for anything else; meant for the start, so that a wrong MAIL_FROM is noticed before the first mail
 */
export function parseSender(setting: string): StructuredAddress {
  const match = /^(?:([^<>]*)<([^<>]+)>|([^<>]+))$/.exec(setting.trim());
  const address = parseMailAddress((match?.[2] ?? match?.[3] ?? '').trim());
  const name = unquoted((match?.[1] ?? '').trim());
  if (!match || address === null || name === null) {
    throw new Error(
      'MAIL_FROM is not right: write one address, like Parley <parley@example.org>, without line breaks or further addresses.',
    );
  }
  return { name, address };
}

/** A display name without its quotes; null when it holds what could end it or hide in it. */
function unquoted(written: string): string | null {
  const name = /^".*"$/u.test(written) ? written.slice(1, -1) : written;
  return name.length > 128 || /[\p{C}\p{Zl}\p{Zp}"\\@]/u.test(name) ? null : name;
}
