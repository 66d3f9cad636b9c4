/** The address of a person's page. */
export function personPath(username: string): string {
  return `/people/${encodeURIComponent(username)}`;
}

export function postPath(id: string): string {
  return `/posts/${id}`;
}

export function albumPath(id: string): string {
  return `/albums/${id}`;
}

/** Everybody's posts with a tag. */
export function tagPath(tag: string): string {
  return `/feed?tag=${encodeURIComponent(tag)}`;
}

/** The site that an address leads to, for people who want to know before they go. */
export function siteOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : url;
}

/** What somebody typed as a web address, with the protocol that they left out; null: it is none. */
export function toWebAddress(typed: string): string | null {
  const text = typed.trim();
  const address = /^[a-z][a-z\d+.-]*:/i.test(text) && !/^[^/]+:\d+(?:\/|$)/.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address) || /\s/.test(text)) return null;
  const url = new URL(address);
  const isWeb = (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname.includes('.') && !url.username && !url.password;
  return isWeb ? address : null;
}
