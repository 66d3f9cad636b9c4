import { z } from 'zod';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 and AsyncAPI 3.0 take it. */
export interface JsonSchema {
  [keyword: string]: unknown;
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  description?: string;
  pattern?: string;
  format?: string;
}

const refPrefix = '#/components/schemas/';

/** Turns the contracts into JSON Schemas and gathers the shared shapes (those with a `.meta({ id })`) as components. */
export class SchemaCollector {
  /** The shared shapes met so far, by name. */
  readonly components: Record<string, JsonSchema> = {};
  private readonly texts = new Map<string, string>();

  /**
   * @param io `input` for what a client sends, `output` for what the server answers; a shared shape that differs between the two gets a
   * second component called `…Input`
   */
  schema(type: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $defs, ...root } = z.toJSONSchema(type, {
      io,
      override: ({ jsonSchema }) => {
        // The format says it all; the pattern of a date is a riddle of 200 characters.
        if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      },
    }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    delete root['$schema'];

    const definitions = { ...$defs };
    const rootId = root['id'];
    if (typeof rootId === 'string') definitions[rootId] = root;
    const names = new Map<string, string>();
    for (const [id, definition] of Object.entries(definitions)) names.set(id, this.nameFor(id, JSON.stringify(definition)));
    for (const [id, definition] of Object.entries(definitions)) this.components[names.get(id)!] ??= relink(definition, names, true);
    return typeof rootId === 'string' ? { $ref: refPrefix + names.get(rootId)! } : relink(root, names, true);
  }

  /** The schema that a reference stands for; any other schema as it is. */
  resolve(schema: JsonSchema): JsonSchema {
    if (typeof schema.$ref !== 'string') return schema;
    const found = this.components[schema.$ref.slice(refPrefix.length)];
    if (!found) throw new Error(`There is no schema ${schema.$ref}.`);
    return found;
  }

  private nameFor(id: string, text: string): string {
    const known = this.texts.get(id);
    if (known === undefined || known === text) {
      this.texts.set(id, text);
      return id;
    }
    return `${id}Input`;
  }
}

/** Points references at the components and drops the key `id`, which is no keyword. */
function relink(value: JsonSchema, names: ReadonlyMap<string, string>, isSchema: boolean): JsonSchema {
  const result: JsonSchema = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'id' && isSchema && typeof inner === 'string') continue;
    if (key === '$ref' && typeof inner === 'string') {
      const id = inner.replace('#/$defs/', '');
      result.$ref = refPrefix + (names.get(id) ?? id);
    } else if (Array.isArray(inner)) {
      result[key] = inner.map((item: unknown) => (isObject(item) ? relink(item, names, true) : item));
    } else if (isObject(inner)) {
      // Below `properties` the keys are names of fields: one may be called `id`.
      result[key] = relink(inner, names, key !== 'properties');
    } else {
      result[key] = inner;
    }
  }
  return result;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
