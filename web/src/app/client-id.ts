/** A new id for a message on its way: 128 random bits. (`randomUUID` is absent on plain http beyond localhost.) */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
