/** Code points of a kept name. */
const longest = 150;

/**
 * The name that a person gave a file, fit to be shown and offered for saving: the last part of a path, without control and direction
 * characters and without what file systems refuse. It is a label alone: nothing is ever stored under it.
 */
export function safeFileName(given: string | undefined): string {
  const last = (given ?? '').normalize('NFC').split(/[/\\]/).at(-1)!;
  const clean = last
    .replace(/\p{C}|[\u2028\u2029]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '') return 'file';
  const points = [...clean];
  if (points.length <= longest) return clean;
  // The ending says what it is, so it stays.
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(clean)?.[0] ?? '';
  return points.slice(0, longest - ending.length).join('') + ending;
}

/** A `Content-Disposition` that offers a name for saving (RFC 6266): plain ASCII for old clients, the whole name for the others. */
export function attachmentDisposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*!]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
