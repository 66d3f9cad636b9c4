/** A piece of a message: plain text, or a web address. */
export interface TextPiece {
  text: string;
  href?: string;
}

const longestLink = 2048;
const trailing = new Set(['.', ',', ';', ':', '!', '?', "'", '"', '…', '»', '”', '’', '*', '_']);
const closers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Finds http and https addresses in one linear pass; nothing else ever becomes a link. Punctuation at the end and brackets that were not
 * opened inside stay outside.
 */
export function splitLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let plainFrom = 0;
  let from = 0;
  for (;;) {
    const start = nextScheme(text, from);
    if (start === -1) break;
    const end = endOfLink(text, start);
    const href = hrefOf(text.slice(start, end));
    from = Math.max(end, start + 4);
    if (href === null) continue;
    if (start > plainFrom) pieces.push({ text: text.slice(plainFrom, start) });
    pieces.push({ text: text.slice(start, end), href });
    plainFrom = end;
  }
  if (plainFrom < text.length) pieces.push({ text: text.slice(plainFrom) });
  return pieces;
}

const postAddress = /^\/posts\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;
/** Posts of one text that are shown; more of them stay links. */
const mostPosts = 3;

/** The ids of posts of the site at `origin` whose addresses stand in a text, three at most. */
export function postIdsIn(text: string, origin: string): string[] {
  const ids = new Set<string>();
  for (const { href } of splitLinks(text)) {
    if (href === undefined) continue;
    const url = new URL(href);
    const id = url.origin === origin ? postAddress.exec(url.pathname)?.[1] : undefined;
    if (id !== undefined && ids.size < mostPosts) ids.add(id.toLowerCase());
  }
  return [...ids];
}

function nextScheme(text: string, from: number): number {
  for (let at = text.indexOf('://', from); at !== -1; at = text.indexOf('://', at + 3)) {
    for (const scheme of ['https', 'http']) {
      const start = at - scheme.length;
      if (start < from || text.slice(start, at).toLowerCase() !== scheme) continue;
      if (start > 0 && /[\p{L}\p{N}]/u.test(text[start - 1]!)) continue;
      return start;
    }
  }
  return -1;
}

function endOfLink(text: string, start: number): number {
  let end = start;
  const opened: Record<string, number> = {};
  while (end < text.length && end - start <= longestLink && !/[\s<>"`\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text[end]!)) {
    opened[text[end]!] = (opened[text[end]!] ?? 0) + 1;
    end++;
  }
  while (end > start) {
    const last = text[end - 1]!;
    const opener = closers[last];
    const unmatched = opener !== undefined && (opened[last] ?? 0) > (opened[opener] ?? 0);
    if (!trailing.has(last) && !unmatched) break;
    opened[last] = (opened[last] ?? 1) - 1;
    end--;
  }
  return end;
}

function hrefOf(text: string): string | null {
  if (text.length > longestLink || !URL.canParse(text)) return null;
  const url = new URL(text);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  // A name before the host is a trick to look like another site.
  return web && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : null;
}
