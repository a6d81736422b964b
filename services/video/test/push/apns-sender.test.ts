import { randomBytes } from 'node:crypto';
import { freePort } from '@secureconnect/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readVideoConfig } from '../../src/config.ts';
import { apnsSender } from '../../src/push/apns/apns-sender.ts';
import type { PushOutcome, PushSender } from '../../src/push/push-sender.ts';
import { type ApnsService, startApnsService, topic } from './apns-service.ts';
import { minimalEnvironment, ringingMessage } from './messages.ts';

let service: ApnsService;
let sender: PushSender<'apns'>;
beforeEach(async () => {
  service = await startApnsService();
  const { apns } = readVideoConfig({ ...minimalEnvironment, ...service.environment }).push;
  if (apns === undefined) throw new Error('APNs is not set up');
  sender = apnsSender(apns);
});
afterEach(async () => {
  await sender.close();
  await service[Symbol.asyncDispose]();
});

const address = { kind: 'apns', token: randomBytes(32).toString('hex') } as const;
const send = (message = ringingMessage(), timeoutMs = 5000): Promise<PushOutcome> =>
  sender.send(address, message, AbortSignal.timeout(timeoutMs));

it('a push is an alert in the documented form, with a token of the key', async () => {
  const message = ringingMessage();
  expect(await send(message)).toEqual({ result: 'sent' });
  expect(service.complaints).toEqual([]);
  const [request] = service.requests;
  expect(request?.path).toBe(`/3/device/${address.token}`);
  expect(request?.headers).toMatchObject({
    'apns-id': message.pushId,
    'apns-topic': topic,
    'apns-priority': '10',
    'apns-collapse-id': message.collapseKey,
  });
  const left = Number(request?.headers['apns-expiration']) - Date.now() / 1000;
  expect(left).toBeGreaterThan(22);
  expect(left).toBeLessThanOrEqual(25);
  expect(request?.body).toEqual({
    aps: {
      alert: { 'title-loc-key': 'push.call_ringing' },
      sound: 'default',
      'mutable-content': 1,
      'thread-id': message.data.conversation_id,
    },
    data: message.data,
  });
});

it('one connection and one token serve many pushes', async () => {
  await Promise.all(Array.from({ length: 20 }, () => send()));
  await send();
  const tokens = new Set(service.requests.map(({ headers }) => headers.authorization));
  expect([service.requests.length, service.connections(), tokens.size]).toEqual([21, 1, 1]);
});

it('a connection that ends is opened again', async () => {
  service.answer('goaway');
  expect(await send()).toEqual({ result: 'sent' });
  expect(await send()).toEqual({ result: 'sent' });
  expect(service.connections()).toBe(2);
});

it('a server that does not answer is given up, and the next push is sent', async () => {
  service.answer('hang');
  await expect(send(ringingMessage(), 300)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(await send()).toEqual({ result: 'sent' });
});

it('a connection that has died without a word is replaced after the push that found it', async () => {
  expect(await send()).toEqual({ result: 'sent' });
  service.answer('silence');
  const [lost, alsoLost] = await Promise.allSettled([
    send(ringingMessage(), 300),
    send(ringingMessage(), 300),
  ]);
  expect([lost.status, alsoLost.status]).toEqual(['rejected', 'rejected']);
  expect(await send(ringingMessage(), 2000)).toEqual({ result: 'sent' });
  expect(service.connections()).toBe(2);
});

it('a server that is not there is an error of the network', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { apns } = readVideoConfig({
    ...minimalEnvironment,
    ...service.environment,
    APNS_URL: url,
  }).push;
  if (apns === undefined) throw new Error('APNs is not set up');
  const alone = apnsSender(apns);
  const sent = alone.send(address, ringingMessage(), AbortSignal.timeout(5000));
  await expect(sent).rejects.toThrow('ECONNREFUSED');
  await alone.close();
});

it('a token that Apple finds too old is replaced', async () => {
  service.answer({ status: 403, reason: 'ExpiredProviderToken' });
  expect(await send()).toMatchObject({ result: 'failed', reason: 'APNS_TOKEN_EXPIRED' });
  expect(await send()).toEqual({ result: 'sent' });
  const [first, second] = service.requests.map(({ headers }) => headers.authorization);
  expect(second).not.toBe(first);
});

describe('APNs that answers', () => {
  it.each([
    [410, 'Unregistered', 'gone'],
    [410, 'ExpiredToken', 'gone'],
    [400, 'BadDeviceToken', 'gone'],
    [400, 'DeviceTokenNotForTopic', 'gone'],
    [400, 'BadTopic', 'refused'],
    [403, 'InvalidProviderToken', 'refused'],
    [404, 'BadPath', 'refused'],
    [413, 'PayloadTooLarge', 'refused'],
    [429, 'TooManyRequests', 'failed'],
    [500, 'InternalServerError', 'failed'],
    [503, 'ServiceUnavailable', 'failed'],
    [503, undefined, 'failed'],
  ])('%d %s: the push is %s', async (status, reason, result) => {
    service.answer(reason === undefined ? { status } : { status, reason });
    expect(await send()).toMatchObject({ result });
    expect(await send()).toEqual({ result: 'sent' });
  });

  it('429 with Retry-After is asked again after that', async () => {
    const headers = { 'retry-after': '12' };
    service.answer({ status: 429, reason: 'TooManyRequests', headers });
    expect(await send()).toMatchObject({ retryAfterSeconds: 12 });
  });
});
