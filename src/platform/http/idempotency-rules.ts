import { type Endpoint, type EndpointName, endpoints } from '../../contracts/index.js';

/** Signed-in calls that do not remember answers under an `Idempotency-Key`, and why. */
export const idempotencyExclusions: ReadonlyMap<EndpointName, string> = new Map([
  ['messages.send', 'there the key is the clientId, which is kept for ever'],
  ['files.create', 'two uploads are told apart by their bytes, which are not kept; one that is not used goes after a day'],
  ['avatars.create', 'two uploads are told apart by their bytes, which are not kept'],
  ['signature.replace', 'the same picture again changes nothing that is seen'],
  ['albums.photos.add', 'two uploads are told apart by their bytes, which are not kept; a file can be put into an album once'],
  ['users.email.change', 'it carries a password, and a plain digest of one is never stored'],
  ['users.password.change', 'it carries passwords, and a plain digest of one is never stored'],
  ['auth.socket-ticket', 'its answer is a credential, and credentials are never stored'],
  ['invitations.create', 'its answer has the code of the invitation, of which only a digest is stored'],
]);

/** Whether a call keeps its answer under an `Idempotency-Key`: changing calls of signed-in people, but for the exclusions. */
export function keepsAnswers(name: EndpointName): boolean {
  const definition: Endpoint = endpoints[name];
  const signedIn = definition.access !== 'public' && definition.access !== 'guest';
  return definition.method !== 'GET' && signedIn && !idempotencyExclusions.has(name);
}
