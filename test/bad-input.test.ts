import type { SampleRequest } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Case, httpCases } from './conformance/cases.ts';
import { createWorld } from './conformance/world.ts';
import { type Stack, startStack } from './support/stack.ts';

const cases = httpCases();

/** What may stand where something else was expected. */
const junk: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  'x'.repeat(20_000),
  '\u0000',
  '\ud800',
  [],
  [[[[[]]]]],
  {},
  { constructor: 1, ['__proto__']: { polluted: true } },
  "'; DROP TABLE users; --",
  '../../etc/passwd',
];

interface Reply {
  readonly status: number;
  readonly text: string;
}

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

async function send(
  { service, method }: Case,
  path: string,
  init: { token?: string | undefined; body?: string; contentType?: string; method?: string },
): Promise<Reply> {
  const response = await fetch(new URL(path, stack.urls[service]), {
    method: init.method ?? method,
    headers: {
      ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }),
      ...(init.contentType === undefined ? {} : { 'content-type': init.contentType }),
    },
    ...(init.body === undefined ? {} : { body: init.body }),
  });
  return { status: response.status, text: await response.text() };
}

/** The code of the envelope. Fails when the reply is none, or betrays something. */
function codeOf(reply: Reply): string {
  expect(reply.text).not.toMatch(/node_modules|at .*\.ts:|SELECT |INSERT |postgres/);
  const { success, error, meta } = JSON.parse(reply.text);
  expect(success).toBe(false);
  expect(meta.request_id).toMatch(/./);
  return error.code;
}

/** Without these fields the request is good, and puts what runs here in a drill for an hour. */
const neverLeftOut: Readonly<Record<string, string>> = { 'POST /v1/admin/drills': 'instance' };

/** Each field of a body replaced by each kind of junk, and left out. */
function spoiled(route: string, body: Readonly<Record<string, unknown>>): [string, object][] {
  return Object.keys(body).flatMap((field): [string, object][] => {
    const { [field]: _left, ...rest } = body;
    return [
      ...(neverLeftOut[route] === field ? [] : [[field, rest] satisfies [string, object]]),
      ...junk.map((value): [string, object] => [field, { ...body, [field]: value }]),
    ];
  });
}

const json = 'application/json';
const withBody = (request: SampleRequest): request is SampleRequest & { body: object } =>
  typeof request.body === 'object' && request.body !== null;

describe.each(cases.map((one) => ({ name: one.policy.route, one })))(
  'bad input to $name',
  ({ one }) => {
    const prepare = () => one.sample.prepare(createWorld(stack));

    it('is never a 500, and if it is refused the field is named', async () => {
      const request = await prepare();
      if (!withBody(request)) return;
      const { path, token } = request;
      for (const [field, body] of spoiled(one.policy.route, { ...request.body })) {
        const reply = await send(one, path, {
          token,
          body: JSON.stringify(body),
          contentType: json,
        });
        expect(reply.status, `${field}: ${reply.text}`).toBeLessThan(500);
        if (reply.status === 400) {
          expect(codeOf(reply)).toBe('VALIDATION_ERROR');
          // Some fields are judged together, such as one of two that must be there.
          const { details } = JSON.parse(reply.text).error;
          expect(details[0].field).toMatch(/^body/);
        }
      }
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    });

    it('of a different kind has its own code', async () => {
      const request = await prepare();
      if (!withBody(request)) return;
      const { path, token } = request;
      const expected: [string, string | undefined, number, string][] = [
        ['{"a":', json, 400, 'VALIDATION_ERROR'],
        ['null', json, 400, 'VALIDATION_ERROR'],
        ['[1]', json, 400, 'VALIDATION_ERROR'],
        ['{}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
        [`"${'x'.repeat(300_000)}"`, json, 413, 'PAYLOAD_TOO_LARGE'],
      ];
      for (const [body, contentType, status, code] of expected) {
        const reply = await send(one, path, { token, body, contentType: contentType ?? json });
        expect([reply.status, codeOf(reply)]).toEqual([status, code]);
      }
    });

    it('in the path or the query is named', async () => {
      const request = await prepare();
      const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
      const { token } = request;
      if (!uuid.test(request.path)) return;
      const path = request.path.replace(uuid, 'not-a-uuid');
      const body = withBody(request) ? JSON.stringify(request.body) : undefined;
      const init = body === undefined ? { token } : { token, body, contentType: json };
      const reply = await send(one, path, init);
      expect([reply.status, codeOf(reply)]).toEqual([400, 'VALIDATION_ERROR']);
      expect(JSON.parse(reply.text).error.details[0].field).toMatch(/^(params|query)\./);
    });

    it('such as a missing or broken token is 401', async () => {
      const { path, token } = await prepare();
      if (token === undefined) return;
      for (const broken of [undefined, 'x', `${token}x`, token.slice(0, -20)]) {
        const reply = await send(one, path, { token: broken });
        expect([reply.status, codeOf(reply)]).toEqual([401, 'UNAUTHORIZED']);
      }
    });
  },
);
