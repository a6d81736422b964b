import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  Conversation,
  ConversationParams,
  Login,
  MessagesQuery,
  MessagesReply,
  mergeOpenApi,
  NewConversation,
  NewMessage,
  type OpenApiDocument,
  type Operation,
  openApiDocument,
  Tokens,
} from './index.ts';

const login: Operation = {
  method: 'POST',
  path: '/v1/auth/login',
  operation: 'login',
  auth: 'none',
  body: Login,
  reply: Tokens,
  errors: ['UNAUTHORIZED', 'ACCOUNT_LOCKED'],
  failsClosed: true,
};

const chat: Operation[] = [
  {
    method: 'GET',
    path: '/v1/messages',
    operation: 'listMessages',
    summary: 'History or inbox.',
    auth: 'bearer',
    query: MessagesQuery,
    reply: MessagesReply,
  },
  {
    method: 'POST',
    path: '/v1/conversations',
    operation: 'createConversation',
    auth: 'bearer',
    body: NewConversation,
    reply: Conversation,
    status: 201,
    degradedStatuses: { 202: { description: 'Taken, sent on later.', body: Conversation } },
  },
  {
    method: 'DELETE',
    path: '/v1/conversations/:conversation_id/pins/:pin',
    operation: 'unpin',
    auth: 'bearer',
    params: ConversationParams,
    status: 204,
  },
];

const info = { title: 'chat', version: '1.0.0' };
const document = openApiDocument({ ...info, server: 'http://host', operations: [login, ...chat] });

/** Every `$ref` of a value, wherever it stands. */
function referencesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' ? [String(child)] : referencesOf(child),
  );
}

/** What a path such as `components/schemas/User` leads to in a document. */
const at = (root: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[key]
        : undefined,
    root,
  );

describe('the document', () => {
  test('has what OpenAPI 3.1 requires, and every reference leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toEqual(info);
    expect(document.servers).toEqual([{ url: 'http://host' }]);
    const references = referencesOf(document);
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\//);
      expect(at(document, reference.slice(2).split('/'))).toBeTypeOf('object');
    }
    for (const [path, item] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\/[^:]*$/);
      for (const operation of Object.values(item)) {
        expect(operation['operationId']).toBeTypeOf('string');
        expect(Object.keys(operation['responses'] as object).length).toBeGreaterThan(1);
      }
    }
    for (const response of Object.values(document.components.responses)) {
      expect(response['description']).toBeTypeOf('string');
    }
    expect(JSON.stringify(document)).not.toMatch(
      /\$defs|"\$schema"|__schema|"additionalProperties":false/,
    );
  });

  test('has every path parameter, described or not', () => {
    const path = '/v1/conversations/{conversation_id}/pins/{pin}';
    const parameters = at(document, ['paths', path, 'delete', 'parameters']);
    expect(parameters).toMatchObject([
      { name: 'conversation_id', in: 'path', required: true, schema: { format: 'uuid' } },
      { name: 'pin', in: 'path', required: true, schema: { type: 'string' } },
    ]);
    expect(at(document, ['paths', path, 'delete', 'responses', '204', 'content'])).toBeUndefined();
  });

  test('has query parameters with their bounds', () => {
    const parameters = at(document, ['paths', '/v1/messages', 'get', 'parameters']);
    expect(parameters).toMatchObject([
      { name: 'conversation_id', in: 'query', required: false },
      { name: 'limit', required: false, schema: { type: 'integer', maximum: 100, default: 20 } },
      { name: 'page_state', required: false, schema: { type: 'string', maxLength: 512 } },
    ]);
  });

  test('says where a token is needed and what a degraded reply looks like', () => {
    const operation = at(document, ['paths', '/v1/auth/login', 'post']);
    expect(operation).toMatchObject({
      security: [],
      responses: {
        423: { $ref: '#/components/responses/ACCOUNT_LOCKED' },
        503: { $ref: '#/components/responses/SERVICE_DEGRADED' },
      },
    });
    expect(at(document, ['paths', '/v1/messages', 'get', 'security'])).toEqual([{ bearer: [] }]);
    const closed = document.components.responses['SERVICE_DEGRADED'];
    expect(referencesOf(closed)).toContain('#/components/schemas/ServiceDegraded');
  });

  test('does not depend on the order of the operations', () => {
    const all = [login, ...chat];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (operations) => {
        const other = openApiDocument({ ...info, server: 'http://host', operations });
        expect(JSON.stringify(other)).toBe(JSON.stringify(document));
      }),
      { numRuns: 20 },
    );
  });

  test('refuses two operations of one route or one name', () => {
    const again = { ...login, operation: 'again' };
    expect(() => openApiDocument({ ...info, operations: [login, again] })).toThrow(/post \/v1/);
    const renamed = { ...login, path: '/x' };
    expect(() => openApiDocument({ ...info, operations: [login, renamed] })).toThrow(/named login/);
  });

  test('refuses two schemas of one name', () => {
    const reply = z.object({ x: z.string() }).meta({ id: 'Tokens' });
    const operation = { ...login, path: '/x', operation: 'x', reply };
    expect(() => openApiDocument({ ...info, operations: [login, operation] })).toThrow(/Tokens/);
  });
});

describe('schemas in the document', () => {
  const bodyOf = (path: string): OpenApiDocument['paths'][string][string] =>
    at(document, [
      'paths',
      path,
      'post',
      'requestBody',
      'content',
      'application/json',
      'schema',
    ]) as Record<string, unknown>;

  test('accept the examples that the contracts accept, and refuse what has wrong types', () => {
    const conversation = z.fromJSONSchema(bodyOf('/v1/conversations'));
    const example = { type: 'direct', participants: [{ email: 'a@b.co' }] };
    expect(NewConversation.safeParse(example).success).toBe(true);
    expect(conversation.parse(example)).toEqual(example);
    expect(conversation.safeParse({ ...example, type: 'x' }).success).toBe(false);
    const loginBody = z.fromJSONSchema(bodyOf('/v1/auth/login'));
    expect(loginBody.safeParse({ email: 'a@b.co', password: 'x' }).success).toBe(true);
    expect(loginBody.safeParse({ email: 'a@b.co' }).success).toBe(false);
  });

  test('of requests leave fields with defaults optional', () => {
    const operation = { ...login, path: '/m', operation: 'm', body: NewMessage };
    const { paths } = openApiDocument({ ...info, operations: [operation] });
    const schema = at(paths, [
      '/m',
      'post',
      'requestBody',
      'content',
      'application/json',
      'schema',
    ]);
    expect(schema).toMatchObject({ required: ['content', 'conversation_id'] });
  });
});

describe('merged documents', () => {
  const auth = openApiDocument({ title: 'auth', version: '2', operations: [login] });
  const rest = openApiDocument({ ...info, operations: chat });

  test('have the routes and schemas of all', () => {
    const merged = mergeOpenApi([rest, auth], { ...info, server: 'http://host' });
    expect(merged).toEqual(document);
    expect(JSON.stringify(merged)).toBe(JSON.stringify(document));
    expect(mergeOpenApi([auth, rest, auth]).info).toEqual({ title: 'auth', version: '2' });
  });

  test('must agree', () => {
    const changed = { ...login, summary: 'Changed.' };
    const later = openApiDocument({ ...info, operations: [changed] });
    expect(() => mergeOpenApi([auth, later])).toThrow(/disagree about \/v1\/auth\/login post/);
    const moved = openApiDocument({ ...info, operations: [{ ...login, path: '/x' }] });
    expect(() => mergeOpenApi([auth, moved])).toThrow(/disagree about operation login/);
    expect(() => mergeOpenApi([])).toThrow(/no document/);
  });
});
