import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Endpoint, type EndpointName, endpoints, errorCatalogue } from '../../contracts/index.js';
import { documentedErrors } from './endpoint-errors.js';
import { openApiDocument, type OpenApiOperation } from './openapi.js';

const document = openApiDocument({ publicUrl: 'http://localhost:3000' });
const operations = new Map(
  Object.values(document.paths).flatMap((methods) => Object.values(methods).map((one) => [one.operationId, one] as const)),
);
const names = Object.keys(endpoints) as EndpointName[];

function ajv(): Ajv2020 {
  // The formats are checked by the schemas of the contract themselves, below.
  const made = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  for (const [name, schema] of Object.entries(document.components.schemas)) made.addSchema(schema, `#/components/schemas/${name}`);
  return made;
}

function bodies(operation: OpenApiOperation): unknown[] {
  const media = operation.requestBody?.content['application/json'];
  if (!media) return [];
  return media.examples ? Object.values(media.examples).map(({ value }) => value) : [media.example];
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it('describes every call of the contract, and none beside them', () => {
    expect([...operations.keys()].sort()).toEqual([...names].sort());
  });

  it('has schemas that compile, with patterns that are regular expressions of Unicode', () => {
    const validator = ajv();
    for (const operation of operations.values()) {
      for (const response of Object.values(operation.responses)) {
        for (const media of Object.values(response.content ?? {})) expect(validator.compile(media.schema)(media.example)).toBe(true);
      }
      for (const parameter of operation.parameters ?? []) validator.compile(parameter['schema'] as object);
    }
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it.each(names)('%s: its examples pass the schema that validates', (name) => {
    const definition: Endpoint = endpoints[name];
    const operation = operations.get(name)!;
    for (const body of bodies(operation)) {
      expect(definition.body!.safeParse(body)).toMatchObject({ success: true });
      expect(ajv().compile(operation.requestBody!.content['application/json']!.schema)(body)).toBe(true);
    }
    const answer = operation.responses[String(definition.status)]!.content?.['application/json'];
    if (definition.reply) expect(definition.reply.safeParse(answer!.example)).toMatchObject({ success: true });
    else expect(answer).toBeUndefined();
  });

  it.each(names)('%s: lists every error that it may answer, under its status', (name) => {
    const { responses } = operations.get(name)!;
    for (const code of documentedErrors(name)) {
      expect(responses[String(errorCatalogue[code].status)]!.description).toContain(`\`${code}\``);
    }
    expect(responses['429']).toBeDefined();
    expect(responses['500']).toBeDefined();
  });

  it('says who may call: nobody signed in, anybody, or a bearer token or cookie', () => {
    expect(operations.get('auth.login')!['security']).toEqual([]);
    expect(operations.get('rooms.list')!['security']).toEqual([{}, { bearer: [] }, { cookie: [] }]);
    expect(operations.get('users.me')!['security']).toEqual([{ bearer: [] }, { cookie: [] }]);
  });
});
