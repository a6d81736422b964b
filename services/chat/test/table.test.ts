import { expect, test } from 'vitest';
import { newWorld } from './harness.ts';

test('the table says what each row does', async () => {
  await using world = await newWorld();
  const chat = await world.start();
  const user = await world.newUser();
  const { rows } = (await chat.call(user, 'GET', '/v1/degraded')).data;
  const revocations = 'fail open: snapshot (at most 60 s old)';
  const directory = 'fail closed when used (503, Retry-After 5)';
  const here = { 'fan-out': 'fail open: local' };
  const skip = { presence: 'fail open: skip' };
  const declared = rows.map((row: { route: string; ports: object }) => [row.route, row.ports]);
  expect(Object.fromEntries(declared)).toEqual({
    'POST /v1/conversations': { revocations, ...here, directory },
    'GET /v1/conversations': { revocations },
    'GET /v1/conversations/:conversation_id': { revocations },
    'PATCH /v1/conversations/:conversation_id': { revocations },
    'PATCH /v1/conversations/:conversation_id/settings': { revocations },
    'DELETE /v1/conversations/:conversation_id': { revocations, ...here },
    'POST /v1/conversations/:conversation_id/participants': { revocations, ...here, directory },
    'PATCH /v1/conversations/:conversation_id/participants/:user_id': { revocations },
    'DELETE /v1/conversations/:conversation_id/participants/:user_id': { revocations, ...here },
    'POST /v1/messages': { revocations, ...here },
    'GET /v1/messages': { revocations },
    'GET /v1/messages/search': { revocations },
    'GET /v1/messages/pinned': { revocations },
    'PUT /v1/messages/:message_id/pin': { revocations },
    'DELETE /v1/messages/:message_id/pin': { revocations },
    'PATCH /v1/messages/:message_id': { revocations, ...here },
    'DELETE /v1/messages/:message_id': { revocations, ...here },
    'POST /v1/messages/:message_id/forward': { revocations, ...here },
    'PUT /v1/messages/:message_id/reactions/:emoji': { revocations, ...here },
    'DELETE /v1/messages/:message_id/reactions/:emoji': { revocations, ...here },
    'POST /v1/messages/:message_id/read': { revocations, ...here },
    'GET /v1/messages/:message_id/receipts': { revocations },
    'POST /v1/presence': { revocations, ...skip },
    'GET /v1/presence': { revocations, ...skip },
    'WS /v1/ws/chat': { revocations, ...here, ...skip },
    'WS /v1/ws/chat chat': here,
    'WS /v1/ws/chat edited': here,
    'WS /v1/ws/chat deleted': here,
    'WS /v1/ws/chat reaction': here,
    'WS /v1/ws/chat typing': here,
    'WS /v1/ws/chat read': here,
    'WS /v1/ws/chat resume': {},
    'WS /v1/ws/chat user_joined': here,
    'WS /v1/ws/chat user_left': here,
  });
  const openApi = await chat.call(user, 'GET', '/openapi.json');
  expect(openApi.status).toBe(200);
  expect(Object.keys(openApi.body.paths)).toContain('/v1/messages');
});
