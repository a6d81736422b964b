import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type SampleUser, type SampleWorld, textField } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorld } from './conformance/world.ts';
import { untilGauges } from './support/gauges.ts';
import { type Stack, startStack } from './support/stack.ts';

const page = 'https://app.example.com';
const parts = new AsyncDisposableStack();
let stack: Stack;
let world: SampleWorld;
let ada: SampleUser;
let callId: string;

beforeAll(async () => {
  stack = parts.use(await startStack({ CORS_ORIGINS: page }));
  world = createWorld(stack);
  const bob = await world.user();
  ada = await world.user();
  const direct = { type: 'direct', participant_ids: [bob.userId] };
  const made = await world.data('chat', 'POST', '/v1/conversations', {
    token: ada.token,
    body: direct,
  });
  const body = {
    call_type: 'audio',
    conversation_id: textField(made, 'conversation_id'),
  };
  const call = await world.data('video', 'POST', '/v1/calls/initiate', { token: ada.token, body });
  callId = textField(call, 'call_id');
});
afterAll(() => parts.disposeAsync());

let tests = 0;
beforeEach(() => {
  tests += 1;
});

/** How an upgrade was answered; the socket is given up again. */
interface Answer {
  readonly status: number;
  readonly protocol: string | undefined;
  readonly text: string;
}

interface Asked {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

async function upgrade(url: string, { query = '', headers = {}, method = 'GET' }: Asked = {}) {
  const { hostname, port, pathname, search } = new URL(url);
  const path = `${pathname}${search}${search === '' ? '?' : '&'}${query}`;
  const asked = httpRequest({
    ...{ hostname, port, path, method, agent: false },
    headers: {
      'X-Forwarded-For': `203.0.113.${tests}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...headers,
    },
  }).end();
  return new Promise<Answer>((resolve, reject) => {
    asked.once('error', reject);
    const protocolOf = (reply: IncomingMessage): string | undefined =>
      reply.headers['sec-websocket-protocol'];
    asked.once('upgrade', (reply, socket) => {
      socket.destroy();
      resolve({ status: reply.statusCode ?? 0, protocol: protocolOf(reply), text: '' });
    });
    asked.once('response', async (reply) => {
      let text = '';
      for await (const chunk of reply) text += chunk;
      resolve({ status: reply.statusCode ?? 0, protocol: protocolOf(reply), text });
    });
  });
}

const statusOf = async (...asked: Parameters<typeof upgrade>) => (await upgrade(...asked)).status;

/** Both kinds of sockets, through the gateway and at the services themselves. */
const ways: readonly [string, () => string][] = [
  ['chat by the gateway', () => `${stack.urls.gateway}/v1/ws/chat`],
  ['chat itself', () => `${stack.urls.chat}/v1/ws/chat`],
  ['signaling by the gateway', () => `${stack.urls.gateway}/v1/ws/signaling?call_id=${callId}`],
  ['signaling itself', () => `${stack.urls.video}/v1/ws/signaling?call_id=${callId}`],
];

async function ticketOf({ token }: SampleUser, from = stack.urls.gateway): Promise<string> {
  const reply = await fetch(`${from}/v1/ws/ticket`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': `203.0.113.${tests}` },
  });
  const { data } = (await reply.json()) as { data: { ticket: string; expires_in: number } };
  expect([reply.status, data.expires_in]).toEqual([201, 30]);
  return data.ticket;
}

describe.each(ways)('a socket of %s', (_way, url) => {
  it('opens by a ticket, once', async () => {
    const query = `ticket=${await ticketOf(ada)}`;
    expect(await statusOf(url(), { query })).toBe(101);
    const again = await upgrade(url(), { query });
    expect(again.status).toBe(401);
    expect(JSON.parse(again.text).error.message).toBe(
      'This ticket was used before. Get another one.',
    );
  });

  it('opens for one of many concurrent uses of the same ticket', async () => {
    const query = `ticket=${await ticketOf(ada, stack.urls.auth)}`;
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => statusOf(url(), { query })),
    );
    expect(statuses.toSorted()).toEqual([101, ...Array.from({ length: 19 }, () => 401)]);
  });

  it('opens by a token as subprotocol, and names the chosen one', async () => {
    const headers = { 'Sec-WebSocket-Protocol': `bearer, ${ada.token}` };
    expect(await upgrade(url(), { headers })).toMatchObject({ status: 101, protocol: 'bearer' });
    const others = { authorization: `Bearer ${ada.token}`, 'Sec-WebSocket-Protocol': 'soap' };
    expect(await upgrade(url(), { headers: others })).toMatchObject({
      status: 101,
      protocol: undefined,
    });
  });

  it('opens by a token in its query, for tools', async () => {
    expect(await statusOf(url(), { query: `access_token=${ada.token}` })).toBe(101);
  });

  it('accepts no ticket as a token, and no token as a ticket', async () => {
    const ticket = await ticketOf(ada);
    const headers = { authorization: `Bearer ${ticket}` };
    expect(await statusOf(url(), { headers })).toBe(401);
    expect(await statusOf(url(), { query: `access_token=${ticket}` })).toBe(401);
    expect(await statusOf(url(), { query: `ticket=${ada.token}` })).toBe(401);
    // None of it used the ticket.
    expect(await statusOf(url(), { query: `ticket=${ticket}` })).toBe(101);
  });

  it('opens for pages of the list and of its own host, and for no others', async () => {
    const from = (origin: string) =>
      statusOf(url(), { headers: { origin, authorization: `Bearer ${ada.token}` } });
    expect(await from(page)).toBe(101);
    expect(await from(new URL(url()).origin)).toBe(101);
    for (const origin of ['https://evil.example', 'null', `${page}.evil.example`]) {
      expect(await from(origin)).toBe(403);
    }
  });

  it('opens by GET alone', async () => {
    const headers = { authorization: `Bearer ${ada.token}` };
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await statusOf(url(), { method, headers })).toBe(405);
    }
    expect(await statusOf(url(), { method: 'HEAD', headers })).toBe(400);
  });
});

describe('a ticket', () => {
  it('is valid for one socket of either kind, not one of each', async () => {
    const query = `ticket=${await ticketOf(ada)}`;
    expect(await statusOf(`${stack.urls.chat}/v1/ws/chat`, { query })).toBe(101);
    const signaling = `${stack.urls.gateway}/v1/ws/signaling?call_id=${callId}`;
    expect(await statusOf(signaling, { query })).toBe(401);
  });

  it('needs a token, and ends with its session', async () => {
    const anonymous = await fetch(`${stack.urls.gateway}/v1/ws/ticket`, { method: 'POST' });
    expect(anonymous.status).toBe(401);
    const eve = await world.user();
    const query = `ticket=${await ticketOf(eve)}`;
    await world.data('auth', 'POST', '/v1/auth/logout', { token: eve.token });
    for (const origin of [stack.urls.gateway, stack.urls.chat]) {
      expect(await statusOf(`${origin}/v1/ws/chat`, { query })).toBe(401);
    }
  });

  it('is counted by its user at the gateway, not by the address', async () => {
    const url = `${stack.urls.gateway}/v1/ws/chat`;
    for (let n = 0; n < 100; n += 1) await statusOf(url);
    expect(await statusOf(url)).toBe(429);
    expect(await statusOf(url, { query: `ticket=${await ticketOf(ada)}` })).toBe(101);
  });

  it('is issued and accepted without Redis, once', { timeout: 60_000 }, async () => {
    await stack.redis.kill();
    try {
      await untilGauges(stack, '1');
      const query = `ticket=${await ticketOf(ada)}`;
      const url = `${stack.urls.gateway}/v1/ws/chat`;
      expect(await statusOf(url, { query })).toBe(101);
      expect(await statusOf(url, { query })).toBe(401);
    } finally {
      await stack.redis.restart();
      await untilGauges(stack, '0');
    }
  });
});

it('no log has a token or a ticket, whatever happens to its socket', async () => {
  const ticket = await ticketOf(ada);
  const url = `${stack.urls.gateway}/v1/ws/chat`;
  const tries: Asked[] = [
    { query: `access_token=${ada.token}` },
    { query: `access_token=${ada.token}&conversation_id=x` },
    { query: `access_token=${ada.token}x` },
    { query: `access_token=${ada.token}`, method: 'POST' },
    { query: `access_token=${ada.token}`, headers: { origin: 'https://evil.example' } },
    { query: `ticket=${ticket}` },
    { query: `ticket=${ticket}` },
    { headers: { 'Sec-WebSocket-Protocol': `bearer, ${ada.token}` } },
    { headers: { 'Sec-WebSocket-Version': '1' }, query: `access_token=${ada.token}` },
  ];
  for (const asked of tries) {
    await upgrade(url, asked);
    await upgrade(url.replace('/chat', '/nowhere'), asked);
    await upgrade(url.replace('/chat', '/signaling'), asked);
  }
  // Where it cannot even be passed on.
  await using away = await startStack({ CHAT_URL: 'http://127.0.0.1:1' }, { over: stack });
  const [first, second] = [tries[0], tries[5]];
  for (const asked of [first, second]) {
    expect(await statusOf(`${away.urls.gateway}/v1/ws/chat`, asked)).toBe(503);
  }
  const lines = [...stack.logs, ...away.logs].map((line) => JSON.stringify(line));
  expect(lines.some((line) => line.includes('an instance did not answer'))).toBe(true);
  expect(lines.some((line) => line.includes('"msg":"request"'))).toBe(true);
  const secrets = [ada.token, ticket].map((text) => text.split('.')[2] ?? text);
  expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
});
