import { type Endpoint, type EndpointName, endpoints, type ErrorCode, uploadErrors } from '../../contracts/index.js';
import { keepsAnswers } from '../http/idempotency-rules.js';

const everyCall: readonly ErrorCode[] = [
  'request.timeout',
  'rate.limited',
  'server.busy',
  'server.unavailable',
  'server.restarting',
  'server.internal',
];
const badCredential: readonly ErrorCode[] = ['auth.token-invalid', 'auth.token-expired', 'auth.revoked', 'auth.inactive'];
const body: readonly ErrorCode[] = ['request.malformed', 'request.too-large', 'request.unsupported-media-type'];

function byAccess({ access, method }: Endpoint): readonly ErrorCode[] {
  if (access === 'public') return [];
  // A changing call by cookie needs an allowed Origin.
  const credential: ErrorCode[] = [...badCredential, ...(method === 'GET' ? [] : (['auth.origin-refused'] as const))];
  if (access === 'guest') return credential;
  return access === 'user' ? ['auth.required', ...credential] : ['auth.required', ...credential, 'auth.forbidden'];
}

/** Every code that a documented call may answer: its own, those of its access, and those that any call may give. */
export function documentedErrors(name: EndpointName): readonly ErrorCode[] {
  const definition: Endpoint = endpoints[name];
  const takesInput = definition.params ?? definition.query ?? definition.body;
  return [
    ...new Set<ErrorCode>([
      ...(definition.errors ?? []),
      ...byAccess(definition),
      ...(definition.method === 'GET' ? [] : body),
      ...(definition.multipart ? [...uploadErrors, 'request.invalid' as const] : []),
      ...(takesInput ? (['request.invalid'] as const) : []),
      ...(keepsAnswers(name) ? (['request.invalid', 'request.idempotency-key-reused', 'request.idempotency-in-progress'] as const) : []),
      ...everyCall,
    ]),
  ];
}
