import { request } from 'node:http';
import { type SampleUser, type SampleWorld, textField } from '@secureconnect/testkit';
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

/** How an upgrade was answered. */
export interface UpgradeReply {
  readonly status: number;
  readonly degraded: string | null;
  readonly durationMs: number;
}

/** Asks for a WebSocket and gives it up again: browsers' WebSocket does not show the headers. */
export function upgradeReply(url: string, token: string): Promise<UpgradeReply> {
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
    const answered = (status: number | undefined, degraded: unknown): void => {
      asked.destroy();
      resolve({
        status: status ?? 0,
        degraded: typeof degraded === 'string' ? degraded : null,
        durationMs: performance.now() - startedAt,
      });
    };
    asked.once('upgrade', (reply, socket) => {
      socket.destroy();
      answered(reply.statusCode, reply.headers['x-degraded']);
    });
    asked.once('response', (reply) => answered(reply.statusCode, reply.headers['x-degraded']));
    asked.end();
  });
}
