import { randomUUID } from 'node:crypto';
import {
  call,
  eventually,
  OtlpReceiver,
  type ReceivedSpan,
  textField,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { untilGauges } from './support/gauges.ts';
import { openSocket } from './support/open-socket.ts';
import { type Stack, startStack } from './support/stack.ts';

let collector: OtlpReceiver;
let stack: Stack;
let token: string;
let conversationId: string;

beforeAll(async () => {
  collector = await OtlpReceiver.start();
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  };
  // A process has one tracing, as it has one service.
  stack = await startStack(environment, { processes: ['gateway', 'chat', 'storage'] });
  const [ada, bob] = [await register(), await register()];
  token = textField(ada, 'access_token');
  const { user_id: participant } = bob['user'] as { readonly user_id: string };
  const group = { type: 'group', title: 'Traced', participant_ids: [participant] };
  conversationId = textField(
    await sent('POST', '/v1/conversations', { token, body: group }),
    'conversation_id',
  );
}, 60_000);
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

async function register() {
  const name = `user_${randomUUID().slice(0, 8)}`;
  const registration = { username: name, display_name: name, password: 'correct horse battery' };
  const body = { ...registration, email: `${name}@example.com` };
  return sent('POST', '/v1/auth/register', { body });
}

async function sent(method: string, path: string, options: Parameters<typeof call>[3]) {
  const { status, text, body } = await call(stack.urls.gateway, method, path, options);
  if (status >= 300 || body.data === undefined) throw new Error(`${method} ${path}: ${text}`);
  return body.data;
}

const message = () => ({ conversation_id: conversationId, content: `Hello ${randomUUID()}` });

/** A span by its service and its name. */
type Wanted = readonly [service: string, name: string];

const isWanted =
  ([service, name]: Wanted) =>
  (span: ReceivedSpan): boolean =>
    span.service === service && span.name === name;

/** Resolves to the spans of a trace that has all of these; each process exports its own. */
async function traceWith(...wanted: readonly [Wanted, ...Wanted[]]) {
  return eventually(
    () => {
      const { traceId } = collector.spans.find(isWanted(wanted[0])) ?? {};
      const trace = collector.spans.filter((span) => span.traceId === traceId);
      const missing = wanted.find((one) => !trace.some(isWanted(one)));
      if (missing !== undefined) throw new Error(`no span ${missing.join(' ')} yet`);
      return trace;
    },
    { timeoutMs: 15_000 },
  );
}

/** The names of the spans from one up to the first of its trace. */
function wayUp(span: ReceivedSpan | undefined, trace: readonly ReceivedSpan[]): string[] {
  if (span === undefined) return [];
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  return [`${span.service}: ${span.name}`, ...wayUp(parent, trace)];
}

const send = 'POST /v1/messages';
const relayed = 'POST /v1/messages{/*rest}';
const both: readonly [Wanted, Wanted] = [
  ['api-gateway', relayed],
  ['chat-service', send],
];

it('a request is one trace, from the gateway to SQL and Redis', async () => {
  collector.spans.length = 0;
  await sent('POST', '/v1/messages', { token, body: message() });
  const trace = await traceWith(...both);
  const at = (service: string, name: string) =>
    trace.find((span) => span.service === service && span.name === name);
  expect(wayUp(at('chat-service', send), trace)).toEqual([
    `chat-service: ${send}`,
    `api-gateway: ${relayed}`,
  ]);
  const isOf = (system: string, service: string) => (span: ReceivedSpan) =>
    span.service === service && span.attributes['db.system.name'] === system;
  const sql = trace.find(isOf('postgresql', 'chat-service'));
  expect(wayUp(sql, trace).slice(-2)).toEqual([`chat-service: ${send}`, `api-gateway: ${relayed}`]);
  expect(sql?.attributes['db.query.text']).toEqual(expect.stringContaining(' '));
  for (const service of ['api-gateway', 'chat-service']) {
    const command = trace.find(isOf('redis', service));
    expect(wayUp(command, trace).length).toBeGreaterThan(1);
  }
  expect(at('api-gateway', relayed)?.attributes).toMatchObject({
    ...{ 'http.request.method': 'POST', 'http.response.status_code': 201 },
  });
  expect(trace.every(({ attributes }) => attributes['degraded.port'] === undefined)).toBe(true);
});

it('the trace of a trusted proxy goes on, and nothing of a user stands in it', async () => {
  collector.spans.length = 0;
  const traceId = randomUUID().replaceAll('-', '');
  const headers = { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
  const content = `secret-${randomUUID()}`;
  await sent('POST', '/v1/messages', { token, headers, body: { ...message(), content } });
  const trace = await traceWith(...both);
  expect(new Set(trace.map((span) => span.traceId))).toEqual(new Set([traceId]));
  expect(JSON.stringify(trace)).not.toContain(content);
  expect(JSON.stringify(trace)).not.toContain(token);
});

it('a frame is a trace of its own, and the handshake continues that of the gateway', async () => {
  collector.spans.length = 0;
  await using socket = await openSocket(`${stack.urls.gateway}/v1/ws/chat`, token);
  const frame = { type: 'chat', id: '1', conversation_id: conversationId, data: { content: 'Hi' } };
  socket.send(frame);
  const trace = await traceWith(['chat-service', 'frame chat']);
  const first = trace.find(({ name }) => name === 'frame chat');
  expect(first?.parentSpanId).toBeUndefined();
  expect(trace.some(({ parentSpanId }) => parentSpanId === first?.spanId)).toBe(true);
  const socketRoute = 'GET /v1/ws/chat';
  const handshake = await traceWith(['chat-service', socketRoute], ['api-gateway', socketRoute]);
  const served = handshake.find(isWanted(['chat-service', socketRoute]));
  expect(wayUp(served, handshake)).toEqual([
    'chat-service: GET /v1/ws/chat',
    'api-gateway: GET /v1/ws/chat',
  ]);
});

it('a stored object is a span of the request', async () => {
  collector.spans.length = 0;
  const file = {
    file_name: 'a.txt',
    file_size: 2,
    content_type: 'text/plain',
    is_encrypted: false,
  };
  const target = await sent('POST', '/v1/storage/upload-url', { token, body: file });
  const put = await fetch(textField(target, 'upload_url'), {
    method: 'PUT',
    headers: target['headers'] as Record<string, string>,
    body: 'ok',
  });
  expect(put.status).toBeLessThan(300);
  const trace = await traceWith(
    ['storage-service', 'object store write'],
    ['storage-service', 'PUT /v1/storage/objects/:file_id'],
  );
  const write = trace.find(({ name }) => name === 'object store write');
  expect(wayUp(write, trace).at(-1)).toMatch(/^storage-service: PUT /);
});

it('without Redis, spans name the ports and their fallbacks', async () => {
  await stack.redis.kill();
  await untilGauges(stack, '1');
  collector.spans.length = 0;
  await sent('POST', '/v1/messages', { token, body: message() });
  const trace = await traceWith(...both);
  const degraded = (service: string, name: string) => {
    const span = trace.find((each) => each.service === service && each.name === name);
    return [span?.attributes['degraded.port'], span?.attributes['degraded.fallback']];
  };
  const [ports, fallbacks] = degraded('api-gateway', relayed);
  expect(ports).toEqual(expect.arrayContaining(['rate-limit', 'revocations']));
  expect(fallbacks).toEqual(expect.arrayContaining(['local', 'snapshot']));
  const [chatPorts] = degraded('chat-service', send);
  expect(chatPorts).toEqual(expect.arrayContaining(['fan-out', 'revocations']));
});
