import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpEndpoints } from './endpoints/all.ts';
import { auth, common, storage } from './endpoints/index.ts';
import {
  type Endpoint,
  endpoint,
  errorStatuses,
  NewMessage,
  openApiDocument,
  statusesOf,
} from './index.ts';
import type { JsonObject } from './json-schema.ts';

const info = { title: 'SecureConnect', version: '1.0.0' };
const documentOf = (...endpoints: readonly Endpoint[]) =>
  openApiDocument({
    ...info,
    routes: endpoints.map((each) => ({ endpoint: each, whenRedisDown: {} })),
  });
const document = documentOf(...httpEndpoints);

/** What a path such as `['components', 'schemas', 'User']` leads to in a document. */
const at = (root: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    root,
  );

const operationOf = ({ path, method }: Endpoint, of: typeof document = document): JsonObject =>
  at(of, 'paths', path.replaceAll(/:(\w+)/g, '{$1}'), method.toLowerCase()) as JsonObject;

const responsesOf = (each: Endpoint): Readonly<Record<string, JsonObject>> =>
  operationOf(each)['responses'] as Readonly<Record<string, JsonObject>>;

/** Every `$ref` of a value, wherever it stands. */
function referencesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' ? [String(child)] : referencesOf(child),
  );
}

const rolesOf = ({ role }: Endpoint): string[] => (role === undefined ? [] : [role]);

describe('the document of every endpoint', () => {
  it('has references that lead somewhere', () => {
    const references = referencesOf(document);
    expect(references.length).toBeGreaterThan(100);
    const dangling = references.filter(
      (reference) => typeof at(document, ...reference.slice(2).split('/')) !== 'object',
    );
    expect(dangling).toEqual([]);
    expect(JSON.stringify(document)).not.toMatch(/\$defs|"\$schema"|"additionalProperties":false/);
  });

  it.each(httpEndpoints.map((each) => [each.id, each] as const))('describes %s', (id, each) => {
    expect(operationOf(each)).toMatchObject({
      operationId: id,
      tags: [each.tag],
      summary: each.summary,
      security: each.auth === 'none' ? [] : [{ [each.auth]: rolesOf(each) }],
      'x-when-redis-down': {},
    });
    const listed = Object.keys(responsesOf(each)).filter((status) => status !== 'default');
    expect(new Set(listed.map(Number))).toEqual(statusesOf(each));
    expect([...statusesOf(each)].filter((status) => status < 300).length).toBeGreaterThan(0);
  });

  it('has a description of each tag', () => {
    expect(document.tags.filter(({ description }) => description === undefined)).toEqual([]);
  });
});

describe('the replies of an operation', () => {
  const codesOf = (each: Endpoint): string[] =>
    Object.values(responsesOf(each)).flatMap(({ $ref }) =>
      typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? '') : [],
    );

  it('have every error of login and register, each with its schema and an example', () => {
    const ofBody = ['VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
    const ofAll = ['RATE_LIMITED', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'default'];
    const any = [...ofBody, ...ofAll];
    expect(codesOf(auth.login).sort()).toEqual(
      [...any, 'UNAUTHORIZED', 'EMAIL_NOT_VERIFIED', 'ACCOUNT_LOCKED'].sort(),
    );
    expect(codesOf(auth.register).sort()).toEqual([...any, 'CONFLICT'].sort());
    for (const code of Object.keys(document.components.responses)) {
      const content = at(document, 'components', 'responses', code, 'content', 'application/json');
      expect(content).toHaveProperty('schema');
      expect(at(content, 'example') ?? at(content, 'examples', 'normal')).toBeTypeOf('object');
    }
  });

  it('are 503 with the body of a refusal as well, and say when to retry', () => {
    const closed = document.components.responses['SERVICE_UNAVAILABLE'];
    expect(referencesOf(closed)).toEqual(
      expect.arrayContaining([
        '#/components/schemas/ServiceDegraded',
        '#/components/schemas/Failure',
        '#/components/headers/Retry-After',
      ]),
    );
  });

  it('say what is left of the limit', () => {
    expect(referencesOf(responsesOf(auth.login)['200'])).toEqual(
      expect.arrayContaining(['#/components/headers/RateLimit', '#/components/headers/X-Degraded']),
    );
  });

  it('may have other forms than the envelope', () => {
    expect(statusesOf(storage.downloadFile)).toEqual(
      new Set([
        200,
        206,
        304,
        416,
        ...[
          'VALIDATION_ERROR',
          'FORBIDDEN',
          'NOT_FOUND',
          'RATE_LIMITED',
          'INTERNAL_ERROR',
          'SERVICE_UNAVAILABLE',
        ].map((code) => errorStatuses[code as keyof typeof errorStatuses]),
      ]),
    );
    expect(responsesOf(storage.downloadFile)['304']).not.toHaveProperty('content');
    expect(responsesOf(common.getReady)['503']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/HealthReport' } } },
    });
  });
});

describe('parameters and bodies', () => {
  it('have every path parameter', () => {
    expect(operationOf(storage.uploadPart)['parameters']).toMatchObject([
      { name: 'file_id', in: 'path', required: true, schema: { format: 'uuid' } },
      { name: 'part_number', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'expires', in: 'query', required: false },
      { name: 'length' },
      { name: 'type' },
      { name: 'signature' },
    ]);
  });

  it('have query parameters with their bounds', () => {
    expect(operationOf(auth.listBlocks)['parameters']).toMatchObject([
      { name: 'limit', required: false, schema: { type: 'integer', maximum: 100, default: 20 } },
      { name: 'cursor', required: false, schema: { type: 'string', maxLength: 512 } },
    ]);
  });

  it('leave fields with defaults optional', () => {
    const send = endpoint({ ...auth.login, route: 'POST /m', body: NewMessage });
    expect(
      at(
        operationOf(send, documentOf(send)),
        'requestBody',
        'content',
        'application/json',
        'schema',
      ),
    ).toMatchObject({ required: ['content', 'conversation_id'] });
  });

  it('may be bytes', () => {
    expect(operationOf(storage.uploadPart)['requestBody']).toMatchObject({
      content: { 'application/octet-stream': {} },
    });
  });
});

describe('a document is refused', () => {
  it('with two operations of one route or one id', () => {
    const again = endpoint({ ...auth.login, id: 'again' });
    expect(() => documentOf(auth.login, again)).toThrow('two operations are POST /v1/auth/login');
    const moved = endpoint({ ...auth.login, route: 'POST /x' });
    expect(() => documentOf(auth.login, moved)).toThrow('two operations are both named login');
  });

  it('with two schemas of one name', () => {
    const reply = z.object({ x: z.string() }).meta({ id: 'Tokens' });
    const other = endpoint({ ...auth.login, route: 'POST /x', id: 'x', reply });
    expect(() => documentOf(auth.login, other)).toThrow(
      'two different schemas are both named Tokens',
    );
  });
});
