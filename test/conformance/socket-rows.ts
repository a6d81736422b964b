import { expect } from 'vitest';
import { defaultSettings } from '../support/default-settings.ts';
import { openSocket } from '../support/open-socket.ts';
import { wrongOnAnyMachine } from './busy-machine.ts';
import { tryChat } from './chat-frames.ts';
import { type Declared, usedPorts } from './declared.ts';
import { wrongOutcome } from './outcome.ts';
import { judgeFrameEffects } from './socket-effects.ts';
import { upgradeReply } from './socket-scene.ts';
import type { SocketTrial } from './socket-trial.ts';
import { rowName, type TableRow } from './tables.ts';

/** Tries every row of both sockets, through the gateway. */
export async function trySockets(trial: SocketTrial): Promise<void> {
  const { scene, stack, rows, findings } = trial;
  judgeFrameEffects(rows, findings);
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
  const { rows, expected, findings, scene, watch } = trial;
  const [served, passed] = ['chat|video', 'gateway'].map((services) =>
    rows.find(({ service, policy }) => services.includes(service) && policy.route === route),
  );
  if (served === undefined || passed === undefined) throw new Error(`no row ${route}`);
  const names = ({ policy }: TableRow): string[] =>
    usedPorts(policy, defaultSettings)
      .filter(({ port }) => !afterTheReply.includes(port))
      .map(
        ({ port, fallback }) =>
          `${port.replace(/[A-Z]/g, (a) => `-${a.toLowerCase()}`)}=${fallback.kind}`,
      );
  const declared: Declared = {
    normalStatus: 101,
    closed: undefined,
    own: names(served),
    passed: names(passed),
    counted: [],
  };
  await findings.attempt(rowName(served), async () => {
    findings.saw(rowName(passed));
    const startMs = performance.now();
    const outcome = await upgradeReply(url, scene.ada.token);
    const endMs = performance.now();
    const wrong = await wrongOnAnyMachine(watch, {
      ...{ expected, startMs, endMs },
      judge: (expectedThen, slowMs) => wrongOutcome(expectedThen, declared, outcome, slowMs),
    });
    if (wrong !== undefined) throw new Error(wrong);
  });
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
  await findings.attempt('video WS /v1/ws/signaling ping', async () => {
    adaSocket.send({ type: 'ping', id: 'alive?' });
    const answer = await adaSocket.next((frame) => frame['id'] === 'alive?');
    expect(answer).toEqual({ type: 'ack', id: 'alive?' });
  });
}
