import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyEndpoint } from './endpoint.ts';
import { allEndpoints } from './endpoints/all.ts';
import { exampleOf, examplesOf } from './example-of.ts';
import { TimeUuid, Uuid } from './primitives.ts';

/** The schemas of an endpoint by what they describe. */
function schemasOf(endpoint: AnyEndpoint): Array<readonly [string, z.ZodType]> {
  const {
    body,
    query,
    reply,
    frame,
    answer,
    sends,
    otherReplies = {},
  } = endpoint as Partial<
    Record<'body' | 'query' | 'reply' | 'frame' | 'answer' | 'sends', z.ZodType>
  > & { readonly otherReplies?: Readonly<Record<number, { readonly schema?: z.ZodType }>> };
  const others = Object.entries(otherReplies).map(
    ([status, { schema }]) => [status, schema] as const,
  );
  const all = Object.entries({ body, query, reply, frame, answer, sends });
  return [...all, ...others].flatMap(([name, schema]) =>
    schema === undefined ? [] : [[`${endpoint.id} ${name}`, schema] as const],
  );
}

const schemas = allEndpoints.flatMap(schemasOf);

describe('the example of every schema', () => {
  it('parses by it', () => {
    expect(schemas.length).toBeGreaterThan(100);
    const refused = schemas.flatMap(([name, schema]) =>
      examplesOf(schema).flatMap((example) => {
        const { error } = schema.safeParse(example);
        return error === undefined ? [] : [`${name}: ${z.prettifyError(error)}`];
      }),
    );
    expect(refused).toEqual([]);
  });

  it('has no invented text or number', () => {
    const missing = schemas.flatMap(([name, schema]) => {
      const paths: string[] = [];
      examplesOf(schema, (path) => paths.push(path));
      return paths.map((path) => `${name} ${path}`);
    });
    expect(missing).toEqual([]);
  });
});

describe('an example', () => {
  it('is given, or composed of what is given', () => {
    const name = z
      .string()
      .max(10)
      .meta({ examples: ['Ada', 'Bob'] });
    const schema = z.object({
      name,
      names: z.array(name.toLowerCase()),
      optional: name.exactOptional(),
      kind: z.enum(['b', 'a']).default('a'),
      page: z.preprocess(Number, z.int().meta({ examples: [3] })),
      end: z.string().nullable(),
    });
    expect(exampleOf(schema)).toEqual({
      name: 'Ada',
      names: ['Ada'],
      kind: 'a',
      page: 3,
      end: null,
    });
    expect(exampleOf(schema.meta({ examples: [{ name: 'Eve' }] }))).toEqual({ name: 'Eve' });
    expect(examplesOf(z.union([name, z.literal(2)]))).toEqual(['Ada', 2]);
  });

  it('names what it has to invent', () => {
    const missing: string[] = [];
    const schema = z.object({ list: z.array(z.object({ count: z.number(), text: z.string() })) });
    expect(exampleOf(schema, (path) => missing.push(path))).toEqual({
      list: [{ count: 1, text: 'text' }],
    });
    expect(missing).toEqual(['$.list[0].count', '$.list[0].text']);
  });

  it('has different ids in different fields', () => {
    const ids = exampleOf(z.object({ user_id: Uuid, message_id: Uuid, event: TimeUuid })) as object;
    expect(new Set(Object.values(ids)).size).toBe(3);
  });
});
