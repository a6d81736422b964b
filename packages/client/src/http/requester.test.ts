import { expect, it } from 'vitest';
import { LostReplyError, RefusedError } from './errors.ts';
import { Requester, type TokenSource } from './request.ts';

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: unknown;
}

const meta = { timestamp: '2026-01-31T12:00:00.000Z', request_id: 'r1' };
const ok = (data: unknown, degraded?: string[]) =>
  Response.json({ success: true, data, meta: { ...meta, ...(degraded && { degraded }) } });
const refused = (status: number, code: string, headers: Record<string, string> = {}) => {
  const error = { code, message: 'No.', details: [{ field: 'limit', message: 'too large' }] };
  const body = { success: false, error, meta };
  return Response.json(body, { status, headers: { 'x-request-id': 'r1', ...headers } });
};
const lost = new TypeError('fetch failed');

/** Answers one request after the other; notes what was sent. */
function serverOf(...answers: (Response | Error)[]) {
  const sent: Sent[] = [];
  const used: string[] = [];
  const requester = new Requester({
    baseUrl: 'http://gateway/sub',
    onDegraded: (ports, route) => used.push(`${route}: ${ports}`),
    fetch: async (url, init) => {
      const { headers, method = '', body } = init ?? {};
      const authorization = new Headers(headers).get('authorization');
      const content: unknown = body === undefined ? undefined : JSON.parse(String(body));
      sent.push({ method, url: String(url), authorization, body: content });
      const answer = answers.shift();
      if (answer instanceof Response) return answer;
      throw answer ?? new Error('no further answer');
    },
  });
  return { requester, sent, used };
}

const failureOf = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => error);

it('fills path and query, sends the body, and gives the data', async () => {
  const { requester, sent, used } = serverOf(
    ok({ pinned: true }, ['fan-out']),
    ok({ messages: [] }),
  );
  const path = { message_id: 'a/b' };
  const request = { path, body: { conversation_id: 'c' } };
  await requester.send('PUT /v1/messages/:message_id/pin', request as never, undefined);
  const query = { conversation_id: 'c', limit: 5, page_state: undefined };
  await requester.send('GET /v1/messages', { query } as never, undefined);
  expect(sent).toEqual([
    {
      method: 'PUT',
      url: 'http://gateway/sub/v1/messages/a%2Fb/pin',
      authorization: null,
      body: { conversation_id: 'c' },
    },
    {
      method: 'GET',
      url: 'http://gateway/sub/v1/messages?conversation_id=c&limit=5',
      authorization: null,
      body: undefined,
    },
  ]);
  expect(used).toEqual(['PUT /v1/messages/:message_id/pin: fan-out']);
});

it('knows the time of the server', async () => {
  const { requester } = serverOf(ok({}));
  expect(requester.serverNowMs).toBeUndefined();
  await requester.send('GET /v1/users/me', {}, undefined);
  const aheadMs = (requester.serverNowMs ?? 0) - Date.parse(meta.timestamp);
  expect(aheadMs).toBeGreaterThanOrEqual(0);
  expect(aheadMs).toBeLessThan(5000);
});

it('tells what the server refuses, and why', async () => {
  const { requester } = serverOf(refused(400, 'VALIDATION_ERROR'));
  expect(await failureOf(requester.send('GET /v1/users/me', {}, undefined))).toMatchObject({
    name: 'RefusedError',
    status: 400,
    code: 'VALIDATION_ERROR',
    message: 'No.',
    details: [{ field: 'limit', message: 'too large' }],
    requestId: 'r1',
    isUndone: false,
  });
});

const degraded = () =>
  Response.json(
    { error: 'SERVICE_DEGRADED', code: 'redis_unavailable', mode: 'degraded', message: 'Later.' },
    { status: 503, headers: { 'retry-after': '5' } },
  );

it.each([
  ['without Redis', degraded, { code: 'SERVICE_DEGRADED', isDegraded: true, retryAfterSeconds: 5 }],
  [
    'at the local limit',
    () => Response.json({ error: 'Rate limit exceeded', mode: 'degraded' }, { status: 429 }),
    { code: 'RATE_LIMITED', isUndone: true },
  ],
  [
    'by a proxy on the way',
    () => new Response('<html>', { status: 502 }),
    { code: 'BAD_GATEWAY', isUndone: false, message: 'the server answered 502' },
  ],
])('understands a refusal %s', async (_where, answer, expected) => {
  const { requester } = serverOf(answer());
  const sending = requester.send('POST /v1/auth/logout', {}, undefined, { retryForMs: 0 });
  expect(await failureOf(sending)).toMatchObject(expected);
});

it.each([
  ['a 503, whatever the request', 'POST /v1/auth/logout', refused(503, 'SERVICE_UNAVAILABLE'), {}],
  ['a lost reply to a GET', 'GET /v1/users/me', lost, {}],
  ['a lost reply that may be repeated', 'POST /v1/auth/logout', lost, { isRepeatable: true }],
  ['a 502 to a GET', 'GET /v1/users/me', refused(502, 'BAD_GATEWAY'), {}],
] as const)('repeats after %s', async (_what, route, answer, options) => {
  const { requester, sent } = serverOf(answer, ok({ done: true }));
  expect(await requester.send(route, {}, undefined, options)).toEqual({ done: true });
  expect(sent.length).toBe(2);
});

it.each([
  ['a lost reply: it may have had its effect', lost, LostReplyError],
  ['a 502', refused(502, 'BAD_GATEWAY'), RefusedError],
  ['a 500', refused(500, 'INTERNAL_ERROR'), RefusedError],
  ['a 404', refused(404, 'NOT_FOUND'), RefusedError],
] as const)('does not repeat a POST after %s', async (_what, answer, kind) => {
  const { requester, sent } = serverOf(answer, ok({}));
  const sending = requester.send('POST /v1/auth/logout', {}, undefined);
  expect(await failureOf(sending)).toBeInstanceOf(kind);
  expect(sent.length).toBe(1);
});

it('does not wait longer than it may', async () => {
  const { requester, sent } = serverOf(
    refused(503, 'SERVICE_UNAVAILABLE', { 'retry-after': '60' }),
  );
  expect(await failureOf(requester.send('GET /v1/users/me', {}, undefined))).toMatchObject({
    status: 503,
    retryAfterSeconds: 60,
  });
  expect(sent.length).toBe(1);
});

it('gives the reason of an abort, at once', async () => {
  const { requester } = serverOf(refused(503, 'SERVICE_UNAVAILABLE', { 'retry-after': '5' }));
  const abort = new AbortController();
  const sending = requester.send('GET /v1/users/me', {}, undefined, { signal: abort.signal });
  abort.abort(new Error('left the page'));
  expect(await failureOf(sending)).toEqual(new Error('left the page'));
});

it('counts a reply as lost that does not come in time', async () => {
  const requester = new Requester({
    baseUrl: 'http://gateway',
    onDegraded: () => undefined,
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      }),
  });
  const options = { timeoutMs: 20, retryForMs: 0 };
  expect(
    await failureOf(requester.send('GET /v1/users/me', {}, undefined, options)),
  ).toBeInstanceOf(LostReplyError);
});

it('sends once more with the next token where one is not accepted', async () => {
  const { requester, sent } = serverOf(refused(401, 'UNAUTHORIZED'), ok({}));
  const tokens: TokenSource = {
    current: async () => 'old',
    replace: async (refusedToken) => (refusedToken === 'old' ? 'new' : undefined),
  };
  await requester.send('POST /v1/auth/logout', {}, tokens);
  expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
});

it('opens a reply that is no envelope, with the next token where one is not accepted', async () => {
  const lines = new Response('{"sequence":1}\n{"sequence":2}\n');
  const { requester, sent } = serverOf(refused(401, 'UNAUTHORIZED'), lines);
  const tokens: TokenSource = { current: async () => 'old', replace: async () => 'new' };
  const reply = await requester.open('/v1/admin/audit/export?after=0', tokens, {});
  expect(await reply.text()).toBe('{"sequence":1}\n{"sequence":2}\n');
  expect(sent.map(({ url, authorization }) => [url, authorization])).toEqual([
    ['http://gateway/sub/v1/admin/audit/export?after=0', 'Bearer old'],
    ['http://gateway/sub/v1/admin/audit/export?after=0', 'Bearer new'],
  ]);
});

it('tells why a reply that is no envelope is refused', async () => {
  const { requester } = serverOf(refused(403, 'FORBIDDEN'), lost);
  const tokens: TokenSource = { current: async () => 'one', replace: async () => undefined };
  const open = () => requester.open('/v1/admin/audit/export', tokens, {});
  await expect(open()).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN' });
  await expect(open()).rejects.toThrow(LostReplyError);
});
