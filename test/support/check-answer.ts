import { type Endpoint, endpoints, problem } from '../../src/contracts/index.js';

const patterns = Object.entries(endpoints as Record<string, Endpoint>).map(([name, endpoint]) => ({
  name,
  endpoint,
  literals: (endpoint.path.match(/:/g) ?? []).length,
  pattern: new RegExp(`^${endpoint.path.replace(/:[a-zA-Z]+/g, '[^/]+')}/?$`),
}));

/** Compares an answer with the contract: the status is a documented one, and the body has exactly the documented fields. */
export function checkAnswer(method: string, path: string, status: number, body: unknown): void {
  if (status >= 400) {
    const result = problem.safeParse(body);
    if (!result.success)
      throw new Error(`${method} ${path} → ${status} is no problem document: ${result.error.message} ${JSON.stringify(body)}`);
    return;
  }
  const plain = path.split('?', 1)[0]!;
  const found = patterns
    .filter(({ endpoint, pattern }) => endpoint.method === method && pattern.test(plain))
    .sort((a, b) => a.literals - b.literals)[0];
  if (!found) throw new Error(`${method} ${path} → ${status}, but no such call is documented.`);
  const { endpoint, name } = found;
  if (status === 304 && endpoint.replyTypes) return;
  if (status !== endpoint.status) throw new Error(`${name} answered ${status}; ${endpoint.status} is documented.`);
  if (!endpoint.reply) {
    if (body !== undefined && status === 204) throw new Error(`${name} answered a body; none is documented.`);
    return;
  }
  const result = endpoint.reply.safeParse(body);
  if (!result.success) throw new Error(`${name} answered something undocumented: ${result.error.message}`);
}
