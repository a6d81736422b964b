import { expect } from 'vitest';
import { textField } from '../../packages/testkit/src/index.ts';
import { openSocket } from '../support/socket-client.ts';
import type { Stack } from '../support/stack.ts';
import { type Declared, usedPorts } from './declared.ts';
import type { Findings } from './findings.ts';
import { type Expected, wrongOutcome } from './outcome.ts';
import { type SocketScene, upgradeReply } from './socket-scene.ts';
import { rowName, type TableRow } from './tables.ts';

/** Everything that trying the socket rows once needs. */
export interface SocketTrial {
  readonly stack: Stack;
  readonly scene: SocketScene;
  readonly rows: readonly TableRow[];
  readonly expected: Expected;
  readonly findings: Findings;
}

/** Tries every row of both sockets, through the gateway. */
export async function trySockets(trial: SocketTrial): Promise<void> {
  const { scene, stack } = trial;
  const chatUrl = `${stack.urls.gateway}/v1/ws/chat?conversation_id=${scene.conversationId}`;
  const callUrl = `${stack.urls.gateway}/v1/ws/signaling?call_id=${scene.callId}`;
  await tryUpgrade(trial, 'WS /v1/ws/chat', chatUrl);
  await tryChat(trial, chatUrl);
  await tryUpgrade(trial, 'WS /v1/ws/signaling', callUrl);
  await trySignaling(trial, callUrl);
}

/** Presence is declared when the socket is open, and so is missing in the reply that opens it. */
const afterTheReply = ['presence'];

async function tryUpgrade(trial: SocketTrial, route: string, url: string): Promise<void> {
  const { rows, expected, findings, scene } = trial;
  const [served, passed] = ['chat|video', 'gateway'].map((services) =>
    rows.find(({ service, row }) => services.includes(service) && row.route === route),
  );
  if (served === undefined || passed === undefined) throw new Error(`no row ${route}`);
  const names = ({ row }: TableRow): string[] =>
    usedPorts(row)
      .filter(({ port }) => !afterTheReply.includes(port))
      .map(
        ({ port, fallback }) =>
          `${port.replace(/[A-Z]/g, (a) => `-${a.toLowerCase()}`)}=${fallback.kind}`,
      );
  const declared: Declared = {
    usualStatus: 101,
    closed: undefined,
    own: names(served),
    passed: names(passed),
    counted: [],
  };
  await findings.attempt(rowName(served), async () => {
    findings.saw(rowName(passed));
    const reply = await upgradeReply(url, scene.ada.token);
    const outcome = { ...reply, text: '', isJson: false, retryAfter: null };
    const wrong = wrongOutcome(expected, declared, outcome);
    if (wrong !== undefined) throw new Error(wrong);
  });
}

async function tryChat({ scene, expected, findings }: SocketTrial, url: string): Promise<void> {
  const { ada, bob, conversationId } = scene;
  const name = (type: string): string => `chat WS /v1/ws/chat ${type}`;
  using adaSocket = await openSocket(url, ada.token);
  {
    using bobSocket = await openSocket(url, bob.token);
    await findings.attempt(name('user_joined'), () =>
      adaSocket.next(({ type, from }) => type === 'user_joined' && from === bob.userId),
    );
    let messageId = '';
    await findings.attempt(name('chat'), async () => {
      const id = crypto.randomUUID();
      const data = { content: `message ${id}` };
      adaSocket.send({ type: 'chat', id, conversation_id: conversationId, data });
      const ack = await adaSocket.next((frame) => frame['id'] === id);
      expect(ack.type).toBe('ack');
      expectMeta(expected, ack['meta']);
      const message = ack['message'] as Record<string, unknown>;
      messageId = textField(message, 'message_id');
      const heard = await bobSocket.next(({ type }) => type === 'chat');
      expect(heard['data']).toEqual(message);
    });
    await findings.attempt(name('typing'), async () => {
      bobSocket.send({ type: 'typing', conversation_id: conversationId });
      await adaSocket.next(({ type }) => type === 'typing');
    });
    await findings.attempt(name('read'), async () => {
      const data = { message_id: messageId };
      bobSocket.send({ type: 'read', conversation_id: conversationId, data });
      await adaSocket.next(({ type }) => type === 'read');
    });
  }
  await findings.attempt(name('user_left'), () =>
    adaSocket.next(({ type, from }) => type === 'user_left' && from === bob.userId),
  );
}

/** An answer names what stood in, as a reply does. */
function expectMeta(expected: Expected, meta: unknown): void {
  const right = {
    'as usual': [undefined],
    degraded: [['fan-out']],
    either: [undefined, ['fan-out']],
  };
  const degraded = (meta as { degraded?: string[] } | undefined)?.degraded;
  expect(right[expected]).toContainEqual(degraded);
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

async function trySignaling({ scene, findings }: SocketTrial, url: string): Promise<void> {
  const { ada, bob, callId } = scene;
  using adaSocket = await openSocket(url, ada.token);
  using bobSocket = await openSocket(url, bob.token);
  for (const [type, data] of signals) {
    await findings.attempt(`video WS /v1/ws/signaling ${type}`, async () => {
      adaSocket.send({ type, call_id: callId, to: bob.userId, data });
      const heard = await bobSocket.next((frame) => frame.type === type);
      expect(heard).toMatchObject({ from: ada.userId, call_id: callId, data });
    });
  }
}
