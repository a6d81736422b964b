import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SchemaComponents } from './json-schema.ts';

const jsonSchemaOf = (schema: z.ZodType) =>
  new SchemaComponents('draft-2020-12').jsonSchemaOf(schema, 'input');

describe('a document', () => {
  test.each([
    ['a pattern', z.string().regex(/^[a-f]+$/), { pattern: '^[a-f]+$' }],
    ['a pattern with flag u', z.string().regex(/^\p{L}+$/u), { pattern: '^\\p{L}+$' }],
    ['a format without its pattern', z.uuid(), { format: 'uuid' }],
  ])('has %s', (_what, schema, written) => {
    expect(jsonSchemaOf(schema)).toEqual({ type: 'string', ...written });
  });

  test.each([
    ['a pattern with a flag', z.string().regex(/^[a-f]+$/i), 'loses its flags'],
    ['a pattern among others', z.string().regex(/^a/u).regex(/b$/m), 'loses its flags'],
    ['a format of zod alone', z.string().startsWith('a'), 'unknown format starts_with'],
    [
      'one deep inside',
      z.object({ list: z.array(z.string().lowercase()) }),
      'unknown format lowercase',
    ],
  ])('refuses %s, which it cannot say', (_what, schema, message) => {
    expect(() => jsonSchemaOf(schema)).toThrow(message);
  });
});
