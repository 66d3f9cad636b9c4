import { type Endpoint, type EndpointName, endpoints, errorCatalogue, isErrorCode, problem } from '../../contracts/index.js';
import { documentedErrors } from '../docs/endpoint-errors.js';

/**
 * Checks an answer of a documented call, strictly: unknown fields are faults too.
 * @param body the answer's JSON, parsed or about to be written; undefined for an empty one
 * @throws Error that says what is not as documented
 */
export function checkReply(name: EndpointName, status: number, body: unknown): void {
  if (status >= 400) {
    checkProblem(name, status, body);
    return;
  }
  const definition: Endpoint = endpoints[name];
  if (status === 304 && definition.replyTypes) return;
  if (status !== definition.status) throw new Error(`${name} answered ${status}, documented is ${definition.status}.`);
  const wire: unknown = body === undefined || body === '' ? undefined : JSON.parse(JSON.stringify(body));
  if (!definition.reply) {
    if (wire !== undefined && wire !== null) throw new Error(`${name} answered a body, documented is none.`);
    return;
  }
  const result = definition.reply.safeParse(wire);
  if (!result.success) {
    throw new Error(
      `The answer of ${name} is not as documented: ${result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`,
    );
  }
}

/**
 * Checks a refusal: its form, and that the call documents its code under that status.
 * @throws Error that says what is not as documented
 */
export function checkProblem(name: EndpointName, status: number, body: unknown): void {
  const result = problem.safeParse(body);
  if (!result.success) throw new Error(`${name} answered ${status} with something that is no problem document: ${result.error.message}`);
  const { code } = result.data;
  if (!isErrorCode(code)) throw new Error(`${name} answered ${code}, which is no word of the catalogue.`);
  if (!documentedErrors(name).includes(code)) throw new Error(`${name} answered ${code}, which is not documented.`);
  if (errorCatalogue[code].status !== status || result.data.status !== status) {
    throw new Error(`${name} answered ${code} with ${status}, documented is ${errorCatalogue[code].status}.`);
  }
}
