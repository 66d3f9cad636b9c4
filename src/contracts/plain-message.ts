import { clientIdPattern, isStorable } from './fields.js';

const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Begins with something that is seen: a letter, digit or sign of the usual alphabets. */
const visibleStart = /^[!-~\u0400-\u052f]/;

/**
 * Whether this is a message as nearly all of them are, a room by its id, a text and perhaps a client id, so that the schema of `message.send`
 * would take it as it is: at a tenth of what the schema costs. Says no wherever it is not sure.
 */
export function isPlainMessage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const key in value) if (key !== 'room' && key !== 'content' && key !== 'clientId') return false;
  const { room, content, clientId } = value as Record<string, unknown>;
  return (
    typeof room === 'string' &&
    idShape.test(room) &&
    typeof content === 'string' &&
    content.length <= 4_096 &&
    visibleStart.test(content) &&
    isStorable(content) &&
    (clientId === undefined ? !('clientId' in value) : typeof clientId === 'string' && clientIdPattern.test(clientId))
  );
}
