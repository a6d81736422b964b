import { randomUUID } from 'node:crypto';
import {
  call,
  eventually,
  FaultProxy,
  type SampleUser,
  type SampleWorld,
  SocketClient,
  textField,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAllSessions } from '../../services/auth/src/end-sessions.ts';
import { createWorld } from '../conformance/world.ts';
import { untilGauges } from '../support/gauges.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';

/** Two instances of every service over one database and one Redis; the second has a way of its own. */
const parts = new AsyncDisposableStack();
let one: Stack;
let two: Stack;
let wayOfTwo: FaultProxy;
let world: SampleWorld;

beforeAll(async () => {
  one = parts.use(await startStack());
  wayOfTwo = parts.use(await FaultProxy.start(one.redis.port));
  const durable = { SIGN_IN_WITHOUT_REDIS: 'durable' };
  two = parts.use(await startStack(durable, { over: one, wayToRedis: () => wayOfTwo.url }));
  world = createWorld(one);
});
afterAll(() => parts.disposeAsync());

interface Open {
  readonly socket: SocketClient;
  /** Sends something that its row takes, and says so; and how to know whether it was taken. */
  readonly frame: () => { readonly type: string; readonly id: string };
  /** What the HTTP sibling of the socket answers to the same token. */
  readonly sibling: () => Promise<number>;
}

interface Scene {
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly conversationId: string;
  readonly callId: string;
}

/** A conversation and a call of a user with somebody new. */
async function scene(ada?: SampleUser): Promise<Scene> {
  return sceneOf(ada ?? (await world.user()), await world.user());
}

async function sceneOf(ada: SampleUser, bob: SampleUser): Promise<Scene> {
  const made = await world.data('chat', 'POST', '/v1/conversations', {
    token: ada.token,
    body: { type: 'direct', participant_ids: [bob.userId] },
  });
  const conversationId = textField(made, 'conversation_id');
  const body = { call_type: 'audio', conversation_id: conversationId };
  const call = await world.data('video', 'POST', '/v1/calls/initiate', { token: ada.token, body });
  const callId = textField(call, 'call_id');
  await world.data('video', 'POST', `/v1/calls/${callId}/join`, { token: bob.token });
  return { ada, bob, conversationId, callId };
}

const ask = async (url: string, token: string): Promise<number> => {
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await reply.text();
  return reply.status;
};

const kinds = {
  async chat(base: string, { ada, conversationId }: Scene): Promise<Open> {
    const path = `/v1/ws/chat?conversation_id=${conversationId}`;
    const socket = await SocketClient.open(`${base.replace('http', 'ws')}${path}`, ada.token);
    return {
      socket,
      frame: () => {
        const id = randomUUID();
        return { type: 'chat', id, conversation_id: conversationId, data: { content: id } };
      },
      sibling: () => ask(`${base}/v1/conversations/${conversationId}`, ada.token),
    };
  },
  async signaling(base: string, { ada, callId }: Scene): Promise<Open> {
    const path = `/v1/ws/signaling?call_id=${callId}`;
    const socket = await SocketClient.open(`${base.replace('http', 'ws')}${path}`, ada.token);
    return {
      socket,
      frame: () => {
        const id = randomUUID();
        return { type: 'mute_audio', id, call_id: callId, data: { muted: true } };
      },
      sibling: () => ask(`${base}/v1/calls/${callId}`, ada.token),
    };
  },
};

const places: [string, 'chat' | 'signaling', () => string][] = [
  ['the chat socket where the logout came in', 'chat', () => one.urls.chat],
  ['the chat socket at another instance', 'chat', () => two.urls.chat],
  ['the chat socket behind the gateway', 'chat', () => two.urls.gateway],
  ['the signaling socket where the logout came in', 'signaling', () => one.urls.video],
  ['the signaling socket at another instance', 'signaling', () => two.urls.video],
  ['the signaling socket behind the gateway', 'signaling', () => two.urls.gateway],
];

/** Signs a user in at a further device; returns its access token. */
async function otherDevice({ email, password }: SampleUser): Promise<string> {
  const body = { email, password };
  return textField(await world.data('auth', 'POST', '/v1/auth/login', { body }), 'access_token');
}

const sessionPath = ({ sessionId }: SampleUser): string => `/v1/users/me/sessions/${sessionId}`;

/** Every way for a session to end. */
const ends: Readonly<Record<string, (user: SampleUser) => Promise<unknown>>> = {
  'a logout': ({ token }) => world.data('auth', 'POST', '/v1/auth/logout', { token }),
  async 'the end of the session by another device'(user) {
    await world.data('auth', 'DELETE', sessionPath(user), { token: await otherDevice(user) });
  },
  async 'the end of all other sessions by a device'(user) {
    const token = await otherDevice(user);
    await world.data('auth', 'DELETE', '/v1/users/me/sessions', { token });
  },
  async 'disabling by an administrator'({ userId }) {
    const admin = await world.user();
    await world.makeAdmin(admin.userId);
    const { token } = admin;
    await world.data('auth', 'POST', `/v1/admin/users/${userId}/disable`, { token });
  },
  async 'a password reset'({ email }) {
    await world.data('auth', 'POST', '/v1/auth/password-reset/request', { body: { email } });
    const body = { token: await world.mailedToken(email), new_password: 'correct horse staple' };
    await world.data('auth', 'POST', '/v1/auth/password-reset/confirm', { body });
  },
};

describe.each(Object.entries(ends))('%s', (_name, end) => {
  it.each(places)(
    'closes %s within a second, which accepts nothing meanwhile',
    async (_place, kind, base) => {
      const given = await scene();
      const { socket, frame } = await kinds[kind](base(), given);
      await socket.ask(frame(), 'ack');
      await end(given.ada);
      const endedAt = performance.now();
      const refused = frame();
      socket.send(refused);
      expect(await socket.closed).toEqual({ code: 4403, reason: 'token revoked' });
      expect(performance.now() - endedAt).toBeLessThan(1000);
      expect(socket.frames.filter(({ id }) => id === refused.id)).toEqual([]);
      expect(await history(given)).not.toContain(refused.id);
    },
  );
});

async function history({ bob, conversationId }: Scene): Promise<string> {
  const path = `/v1/messages?conversation_id=${conversationId}`;
  return JSON.stringify(await world.data('chat', 'GET', path, { token: bob.token }));
}

it('closes a socket that was opened by a ticket with the session that asked for it', async () => {
  const { ada } = await scene();
  const { ticket } = await world.data('auth', 'POST', '/v1/ws/ticket', { token: ada.token });
  const url = `${two.urls.chat.replace('http', 'ws')}/v1/ws/chat?ticket=${ticket}`;
  const socket = await SocketClient.open(url);
  await ends['a logout']?.(ada);
  expect(await socket.closed).toEqual({ code: 4403, reason: 'token revoked' });
});

it('closes every socket soon after an operator has ended all sessions', async () => {
  const given = await scene();
  const opened = [
    await kinds.chat(one.urls.chat, given),
    await kinds.chat(two.urls.chat, given),
    await kinds.signaling(two.urls.video, given),
  ];
  const database = openTestDatabase(one.databaseUrl);
  await endAllSessions(database);
  await database.close();
  for (const { socket, frame, sibling } of opened) {
    await eventually(async () => expect(await sibling()).toBe(401), { timeoutMs: 8000 });
    const refused = frame();
    socket.send(refused);
    expect(await socket.closed).toEqual({ code: 4403, reason: 'token revoked' });
    expect(socket.frames.filter(({ id }) => id === refused.id)).toEqual([]);
  }
  // Logins from now on are served.
  await eventually(
    async () => {
      const { conversationId, ada } = await scene();
      expect(await ask(`${two.urls.chat}/v1/conversations/${conversationId}`, ada.token)).toBe(200);
    },
    { timeoutMs: 15_000, intervalMs: 500 },
  );
});

describe('an instance without Redis', () => {
  it.each(['chat', 'signaling'] as const)(
    'serves no frame of a %s socket once it refuses requests, and closes it',
    async (kind) => {
      const given = await scene();
      const base = kind === 'chat' ? two.urls.chat : two.urls.video;
      const { socket, frame, sibling } = await kinds[kind](base, given);
      await wayOfTwo.setMode({ kind: 'refused' });
      await untilGauges(two, '1');
      await socket.ask(frame(), 'ack');
      await ends['a logout']?.(given.ada);
      await eventually(async () => expect(await sibling()).toBe(401), { timeoutMs: 8000 });
      const refused = frame();
      socket.send(refused);
      expect(await socket.closed).toEqual({ code: 4403, reason: 'token revoked' });
      expect(socket.frames.filter(({ id }) => id === refused.id)).toEqual([]);
      expect(await history(given)).not.toContain(refused.id);
      await wayOfTwo.setMode({ kind: 'pass' });
      await untilGauges(two, '0');
    },
  );
});

describe('a device that is ended by an auth without Redis', () => {
  it.each(['chat', 'signaling'] as const)(
    'loses its %s sockets within 8 s, on instances with and without Redis',
    async (kind) => {
      const given = await scene();
      const service = kind === 'chat' ? 'chat' : 'video';
      const token = await otherDevice(given.ada);
      // A session has one signaling socket in a call.
      const opened = [
        await kinds[kind](one.urls[service], given),
        await kinds[kind](two.urls[service], await scene(given.ada)),
      ];
      await wayOfTwo.setMode({ kind: 'refused' });
      await untilGauges(two, '1');
      const { status } = await call(two.urls.auth, 'DELETE', sessionPath(given.ada), { token });
      expect(status).toBe(200);
      const endedAt = performance.now();
      for (const { socket } of opened) {
        expect(await socket.closed).toEqual({ code: 4403, reason: 'token revoked' });
      }
      expect(performance.now() - endedAt).toBeLessThan(8000);
      await wayOfTwo.setMode({ kind: 'pass' });
      await untilGauges(two, '0');
      for (const { sibling } of opened) expect(await sibling()).toBe(401);
    },
    30_000,
  );
});
