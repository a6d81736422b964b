import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readVideoConfig } from '../../src/config.ts';
import { fcmSender } from '../../src/push/fcm/fcm-sender.ts';
import type { PushOutcome, PushSender } from '../../src/push/push-sender.ts';
import { type FcmService, fcmError, startFcmService } from './fcm-service.ts';
import { minimalEnvironment, ringingMessage } from './messages.ts';

let service: FcmService;
let sender: PushSender<'fcm'>;
beforeEach(async () => {
  service = await startFcmService();
  const { fcm } = readVideoConfig({ ...minimalEnvironment, ...service.environment }).push;
  if (fcm === undefined) throw new Error('FCM is not set up');
  sender = fcmSender(fcm);
});
afterEach(async () => {
  await sender.close();
  await service[Symbol.asyncDispose]();
});

const address = { kind: 'fcm', token: `token:${randomUUID()}` } as const;
const send = (message = ringingMessage()): Promise<PushOutcome> =>
  sender.send(address, message, AbortSignal.timeout(5000));

it('a push is a data message in the documented form, with a token of the service account', async () => {
  const message = ringingMessage();
  expect(await send(message)).toEqual({ result: 'sent' });
  expect(service.complaints).toEqual([]);
  expect(service.messages.map(({ body }) => body)).toEqual([
    {
      message: {
        token: address.token,
        data: message.data,
        android: { collapse_key: message.collapseKey, priority: 'HIGH', ttl: '25s' },
      },
    },
  ]);
});

it('one token serves many pushes, also those that begin at once', async () => {
  await Promise.all(Array.from({ length: 10 }, () => send()));
  await send();
  expect([service.messages.length, service.tokensGiven()]).toEqual([11, 1]);
});

it('a token that is refused is not used again', async () => {
  service.answer({ status: 401, body: fcmError('UNAUTHENTICATED') });
  expect(await send()).toMatchObject({ result: 'failed', reason: 'FCM_401_UNAUTHENTICATED' });
  expect(await send()).toEqual({ result: 'sent' });
  expect(service.tokensGiven()).toBe(2);
});

describe('FCM that answers', () => {
  it.each([
    [404, fcmError('NOT_FOUND', 'UNREGISTERED'), 'gone'],
    [403, fcmError('PERMISSION_DENIED', 'SENDER_ID_MISMATCH'), 'gone'],
    [404, fcmError('NOT_FOUND'), 'refused'],
    [400, fcmError('INVALID_ARGUMENT', 'INVALID_ARGUMENT'), 'refused'],
    [403, fcmError('PERMISSION_DENIED'), 'refused'],
    [500, fcmError('INTERNAL', 'INTERNAL'), 'failed'],
    [503, fcmError('UNAVAILABLE', 'UNAVAILABLE'), 'failed'],
    [502, {}, 'failed'],
  ])('%d with %j: the push is %s', async (status, body, result) => {
    service.answer({ status, body });
    expect(await send()).toMatchObject({ result });
    expect(await send()).toEqual({ result: 'sent' });
  });

  it.each([
    [429, { 'retry-after': '17' }, 17],
    [429, {}, 60],
    [503, { 'retry-after': '9' }, 9],
    [503, {}, undefined],
  ])('%d with the headers %j asks for a pause of %s seconds', async (status, headers, pause) => {
    const body = fcmError('RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED');
    service.answer({ status, body, headers });
    expect(await send()).toMatchObject({ result: 'failed', retryAfterSeconds: pause });
  });
});

it.each([
  ['refuses the account', { status: 400, body: { error: 'invalid_grant' } }, 'FCM_TOKEN_400'],
  ['is down', { status: 503 }, 'FCM_TOKEN_503'],
  ['answers without a token', { status: 200, body: { id_token: 'a' } }, 'FCM_TOKEN_200'],
])('while the token service %s, pushes fail and are retried', async (_what, answer, reason) => {
  service.answerTokens(answer);
  expect(await send()).toMatchObject({ result: 'failed', reason });
  expect(await send()).toEqual({ result: 'sent' });
});
