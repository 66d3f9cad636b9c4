/** Whether a browser's `Origin` is one of the allowed ones. `null` and anything unparsable are not. */
export function isAllowedOrigin(origin: string, allowed: ReadonlySet<string>): boolean {
  return allowed.has(normalOrigin(origin) ?? '');
}

/** Scheme, host and port in lower case without a default port, or null for anything that is no web origin. */
export function normalOrigin(value: string): string | null {
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : null;
}
