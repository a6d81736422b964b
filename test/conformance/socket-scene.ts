import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type SampleUser, type SampleWorld, textField } from '@secureconnect/testkit';
import type { Outcome } from './outcome.ts';
import { nextAddress } from './send-sample.ts';

/** Two who talk and call each other. */
export interface SocketScene {
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly conversationId: string;
  readonly callId: string;
}

export async function setSocketScene(world: SampleWorld): Promise<SocketScene> {
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
  // Their sockets come and go with each trial, and the call must outlast the time between two.
  for (const { userId } of [ada, bob]) await world.holdSocket(callId, userId);
  return { ada, bob, conversationId, callId };
}

/**
 * Asks for a WebSocket and gives it up again; returns how the upgrade was answered. Browsers'
 * WebSocket does not show the headers.
 */
export function upgradeReply(url: string, token: string): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'x-forwarded-for': nextAddress(),
        authorization: `Bearer ${token}`,
      },
    });
    asked.once('error', reject);
    const answered = ({ statusCode, headers }: IncomingMessage, body: string): void => {
      asked.destroy();
      const degraded = headers['x-degraded'];
      resolve({
        ...{ status: statusCode ?? 0, text: body },
        isJson: headers['content-type']?.startsWith('application/json') ?? false,
        degraded: typeof degraded === 'string' ? degraded : null,
        retryAfter: headers['retry-after'] ?? null,
        durationMs: performance.now() - startedAt,
      });
    };
    asked.once('upgrade', (reply, socket) => {
      socket.destroy();
      answered(reply, '');
    });
    asked.once('response', (reply) => {
      text(reply).then((body) => answered(reply, body), reject);
    });
    asked.end();
  });
}
