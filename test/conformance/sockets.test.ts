import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisFaults, type SampleUser, textField } from '../../packages/testkit/src/index.ts';
import { chatRoutes } from '../../services/chat/src/index.ts';
import { videoRoutes } from '../../services/video/src/index.ts';
import { untilGauges } from '../support/gauges.ts';
import { openSocket } from '../support/socket-client.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createWorld } from './world.ts';

interface Scene {
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly conversationId: string;
  readonly callId: string;
}

async function setScene(stack: Stack): Promise<Scene> {
  const world = createWorld(stack);
  const [ada, bob] = [await world.user(), await world.user()];
  const { token } = ada;
  const direct = { type: 'direct', participant_ids: [bob.userId] };
  const conversation = await world.data('chat', 'POST', '/v1/conversations', {
    token,
    body: direct,
  });
  const conversationId = textField(conversation, 'conversation_id');
  const body = { call_type: 'audio', conversation_id: conversationId };
  const call = await world.data('video', 'POST', '/v1/calls/initiate', { token, body });
  const callId = textField(call, 'call_id');
  await world.data('video', 'POST', `/v1/calls/${callId}/join`, { token: bob.token });
  return { ada, bob, conversationId, callId };
}

/** A conversation over fresh sockets; returns the message types that were seen to work. */
async function chat(stack: Stack, scene: Scene, degraded: boolean): Promise<string[]> {
  const { ada, bob, conversationId } = scene;
  const url = `${stack.urls.gateway}/v1/ws/chat?conversation_id=${conversationId}`;
  using adaSocket = await openSocket(url, ada.token);
  {
    using bobSocket = await openSocket(url, bob.token);
    await adaSocket.next(({ type, from }) => type === 'user_joined' && from === bob.userId);
    const id = crypto.randomUUID();
    const data = { content: `message ${id}` };
    adaSocket.send({ type: 'chat', id, conversation_id: conversationId, data });
    const ack = await adaSocket.next((frame) => frame.type === 'ack' && frame['id'] === id);
    expect(ack['meta']).toEqual(degraded ? { degraded: ['fan-out'] } : undefined);
    const message = ack['message'] as Record<string, unknown>;
    const heard = await bobSocket.next(({ type }) => type === 'chat');
    expect(heard['data']).toEqual(message);
    bobSocket.send({ type: 'typing', conversation_id: conversationId });
    await adaSocket.next(({ type }) => type === 'typing');
    const messageId = textField(message, 'message_id');
    bobSocket.send({
      type: 'read',
      conversation_id: conversationId,
      data: { message_id: messageId },
    });
    await adaSocket.next(({ type }) => type === 'read');
  }
  await adaSocket.next(({ type, from }) => type === 'user_left' && from === bob.userId);
  return ['chat', 'typing', 'read', 'user_joined', 'user_left'];
}

const signals: readonly [string, object][] = [
  ['join', {}],
  ['offer', { sdp: 'v=0' }],
  ['answer', { sdp: 'v=0' }],
  ['ice_candidate', { candidate: '' }],
  ['mute_audio', { muted: true }],
  ['mute_video', { muted: true }],
  ['leave', {}],
];

/** Signals from one peer to the other; returns the message types that were seen to work. */
async function signal(stack: Stack, { ada, bob, callId }: Scene): Promise<string[]> {
  const url = `${stack.urls.gateway}/v1/ws/signaling?call_id=${callId}`;
  using adaSocket = await openSocket(url, ada.token);
  using bobSocket = await openSocket(url, bob.token);
  for (const [type, data] of signals) {
    adaSocket.send({ type, call_id: callId, to: bob.userId, data });
    const heard = await bobSocket.next((frame) => frame.type === type);
    expect(heard).toMatchObject({ from: ada.userId, call_id: callId, data });
  }
  return signals.map(([type]) => type);
}

const messageTypes = [...chatRoutes, ...videoRoutes].flatMap((route) =>
  route.kind === 'message' ? [route.type] : [],
);

describe.each(redisFaults)('every socket message while Redis is $name', (fault) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('goes through the gateway, at once, throughout and after', { timeout: 60_000 }, async () => {
    const scene = await setScene(stack);
    const exchange = async (degraded: boolean): Promise<void> => {
      const seen = [...(await chat(stack, scene, degraded)), ...(await signal(stack, scene))];
      expect(seen.sort()).toEqual([...messageTypes].sort());
    };
    await exchange(false);
    await fault.begin(stack.redis);
    await exchange(true);
    await untilGauges(stack, '1');
    await exchange(true);
    await fault.end(stack.redis);
    await untilGauges(stack, '0');
    await exchange(false);
  });
});
