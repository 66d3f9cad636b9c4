import { describe, expect, it } from '@jest/globals';
import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { closeCodes, type Command, commands, type EventDefinition, events, legacyServerFrames } from '../../contracts/index.js';
import { asyncApiDocument } from './asyncapi.js';

const document = asyncApiDocument({ publicUrl: 'https://chat.example.org' });

function example(key: string): unknown {
  const [first] = document.components.messages[key]!['examples'] as { payload: unknown }[];
  return first!.payload;
}

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3.0', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
    expect(diagnostics.filter(({ severity }) => Number(severity) === 0)).toEqual([]);
    expect(parsed?.version()).toBe('3.0.0');
  }, 30_000);

  it('has every command on both full transports, with its errors and an answer', () => {
    for (const name of Object.keys(commands)) {
      for (const channel of ['socketio', 'websocket']) {
        const operation = document.operations[`${channel}:${name}`]!;
        expect(operation).toMatchObject({ action: 'receive', reply: { messages: [{}] } });
        expect(operation['x-errors']).toEqual(expect.arrayContaining([...commands[name as keyof typeof commands].errors]));
      }
    }
  });

  it('has every event on both full transports, and the frames of old clients on theirs', () => {
    for (const name of Object.keys(events)) {
      expect(document.operations[`socketio:event:${name}`]).toBeDefined();
      expect(document.operations[`websocket:event:${name}`]).toBeDefined();
    }
    const frames = Object.keys({ ...document.channels['chat']!.messages, ...document.channels['online']!.messages });
    expect(frames).toEqual(expect.arrayContaining(Object.keys(legacyServerFrames).map((type) => `frame.${type}`)));
  });

  it('has schemas that compile and examples that fit them', () => {
    const validator = new Ajv2020({ strict: false, validateFormats: false });
    for (const [name, schema] of Object.entries(document.components.schemas)) validator.addSchema(schema, `#/components/schemas/${name}`);
    for (const [key, { payload }] of Object.entries(document.components.messages)) {
      const validate = validator.compile(payload);
      expect({ key, fits: validate(example(key)), errors: validate.errors }).toEqual({ key, fits: true, errors: null });
    }
  });

  it('has examples that pass the schemas that validate', () => {
    for (const [name, { data }] of Object.entries<Command>(commands))
      expect(data.safeParse(example(name))).toMatchObject({ success: true });
    for (const [name, { data }] of Object.entries<EventDefinition>(events)) {
      expect(data.safeParse(example(`event.${name}`))).toMatchObject({ success: true });
    }
    for (const [type, frame] of Object.entries(legacyServerFrames)) {
      expect(frame.safeParse(example(`frame.${type}`))).toMatchObject({ success: true });
    }
  });

  it('explains every close code', () => {
    const table = document['x-close-codes'] as { code: number; meaning: string }[];
    expect(table.map(({ code }) => code).sort()).toEqual(Object.values(closeCodes).sort());
    expect(table.every(({ meaning }) => meaning.length > 10)).toBe(true);
  });
});
