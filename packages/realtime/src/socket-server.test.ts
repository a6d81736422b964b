import { once } from 'node:events';
import { request } from 'node:http';
import {
  eventually,
  HandshakeRefused,
  SocketClient,
  type TestRedis,
  testRedis,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRoomService, tokenOf } from '../test/room-service.ts';
import { closeCodes } from './close-codes.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await testRedis();
});
afterAll(() => redis.close());

const start = (
  ...rest: Parameters<typeof startRoomService> extends [string, ...infer Rest] ? Rest : never
) => startRoomService(redis.url, ...rest);

async function refusal(url: string, token?: string): Promise<HandshakeRefused> {
  const error = await SocketClient.open(url, token).catch((caught: unknown) => caught);
  if (error instanceof HandshakeRefused) return error;
  throw new Error('the handshake was not refused', { cause: error });
}

describe('opening a socket', () => {
  test('needs a token, in the header or in the query', async () => {
    await using service = await start();
    expect(await refusal(service.urlOf('red'))).toMatchObject({ status: 401 });
    const url = `${service.urlOf('red')}&access_token=${tokenOf('ada')}`;
    await using ada = await SocketClient.open(url);
    expect(ada.webSocket.readyState).toBe(1);
  });

  test('is refused by an ordinary reply if the handler refuses it', async () => {
    await using service = await start();
    const { status, body } = await refusal(service.urlOf('closed'), tokenOf('ada'));
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } });
    expect(await refusal(service.urlOf('red').split('?')[0] ?? '', tokenOf('ada'))).toMatchObject({
      status: 400,
    });
  });

  test('is refused when the instance or the user has enough of them', async () => {
    await using service = await start({ maxSockets: 2, maxSocketsPerUser: 1 });
    await using _ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    const second = await refusal(service.urlOf('red'), tokenOf('ada'));
    expect(second).toMatchObject({ status: 429, headers: { 'retry-after': '5' } });
    await using _bob = await SocketClient.open(service.urlOf('red'), tokenOf('bob'));
    expect(await refusal(service.urlOf('red'), tokenOf('eve'))).toMatchObject({ status: 503 });
    await _ada.close();
    await eventually(() => SocketClient.open(service.urlOf('red'), tokenOf('ada')));
  });

  test('is refused if the request is not a handshake', async () => {
    await using service = await start();
    const url = service.urlOf('red').replace('ws:', 'http:');
    const headers = { Authorization: `Bearer ${tokenOf('ada')}` };
    const status = await new Promise((resolve, reject) => {
      const upgrade = { ...headers, Connection: 'Upgrade', Upgrade: 'websocket' };
      request(url, { headers: upgrade })
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
    expect([...service.hub.rooms()]).toEqual([]);
  });
});

test('frames are counted in both directions, refused ones too', async () => {
  await using service = await start();
  await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
  await ada.ask({ type: 'say', id: '1', room: 'red' }, 'ack');
  await ada.ask({ type: 'unheard of', id: '2', room: 'red' }, 'error');
  const said = await service.metrics.registry.getSingleMetricAsString('websocket_frames_total');
  expect(said).toContain('websocket_frames_total{direction="in"} 2');
  const [, sent] = /direction="out"} (\d+)/.exec(said) ?? [];
  expect(Number(sent)).toBeGreaterThanOrEqual(2);
});

describe('a client that sends too much', () => {
  test('is notified for every frame over the limit', async () => {
    await using service = await start({
      limits: { framesPerMinute: 1000, perMinuteByType: { say: 3 } },
    });
    await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    await using phone = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    for (const id of ['1', '2']) await ada.ask({ type: 'say', id, room: 'red' }, 'ack');
    await phone.ask({ type: 'say', id: '3', room: 'red' }, 'ack');
    const fourth = await ada.ask({ type: 'say', id: '4', room: 'red' }, 'error');
    expect(fourth).toMatchObject({ code: 'RATE_LIMITED' });
    await ada.ask({ type: 'conflict', id: '5', room: 'red' }, 'error');
    await using bob = await SocketClient.open(service.urlOf('red'), tokenOf('bob'));
    await bob.ask({ type: 'say', id: '1', room: 'red' }, 'ack');
  });

  test('is cut off when it does not stop', async () => {
    await using service = await start({ limits: { framesPerMinute: 1 } });
    await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    for (let sent = 0; sent < 400; sent += 1) ada.send('nonsense');
    await expect(ada.closed).resolves.toEqual({ ...closeCodes.flooding });
  });
});

describe('a socket ends', () => {
  test('with its token', async () => {
    await using service = await start();
    await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada', 150));
    expect(await ada.closed).toEqual({ ...closeCodes.tokenExpired });
  });

  test('when its client is silent', async () => {
    await using service = await start({ heartbeatMs: 1000 });
    const ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    await using bob = await SocketClient.open(service.urlOf('red'), tokenOf('bob'));
    ada.webSocket.pause();
    expect(await bob.next('left')).toMatchObject({ from: 'ada' });
    ada.webSocket.resume();
    expect(await ada.closed).toMatchObject({ code: 1006 });
  });

  test('but not because heartbeats went by while it was opening', async () => {
    await using service = await start({ heartbeatMs: 300 });
    await using bob = await SocketClient.open(service.urlOf('red'), tokenOf('bob'));
    const opened = Promise.withResolvers<void>();
    service.context.slow = opened.promise;
    const opening = SocketClient.open(service.urlOf('slow'), tokenOf('ada'));
    for (let beat = 0; beat < 2; beat += 1) await once(bob.webSocket, 'ping');
    opened.resolve();
    await using ada = await opening;
    for (let beat = 0; beat < 2; beat += 1) await once(ada.webSocket, 'ping');
    expect(ada.webSocket.readyState).toBe(1);
  });

  test('when its client does not read what others write', async () => {
    await using service = await start({ maxQueuedBytes: 64 * 1024 });
    const ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    await using bob = await SocketClient.open(service.urlOf('red'), tokenOf('bob'));
    ada.webSocket.pause();
    const text = 'x'.repeat(100_000);
    for (let id = 0; service.hub.members('red').length > 1 && id < 300; id += 1) {
      await bob.ask({ type: 'say', id: `${id}`, room: 'red', text }, 'ack');
    }
    const metrics = await service.metrics.registry.metrics();
    expect(metrics).toContain('websocket_slow_consumers_total 1');
    expect(await bob.next('left')).toMatchObject({ from: 'ada' });
    ada.webSocket.terminate();
  });

  test('but not when others write more in one turn than may wait for its client', async () => {
    await using service = await start({ maxQueuedBytes: 64 * 1024 });
    await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    const text = 'x'.repeat(10_000);
    // As much as the operating system takes at once, and more than may wait.
    for (let id = 0; id < 10; id += 1) {
      service.hub.deliver({ id: `${id}`, room: 'red', frame: { type: 'said', id, text } });
    }
    for (let id = 0; id < 10; id += 1) expect(await ada.next('said')).toMatchObject({ id });
    const metrics = await service.metrics.registry.metrics();
    expect(metrics).toContain('websocket_slow_consumers_total 0');
  });

  test('with 1001 when the service stops, which waits for its effects', async () => {
    const service = await start();
    const clients = await Promise.all(
      ['ada', 'bob'].map((user) => SocketClient.open(service.urlOf('red'), tokenOf(user))),
    );
    const metrics = () => service.metrics.registry.metrics();
    expect(await metrics()).toContain('websocket_connections_open 2');
    await service.close();
    for (const { closed } of clients) expect(await closed).toEqual({ ...closeCodes.goingAway });
    expect(service.context.closed.toSorted()).toEqual(['ada', 'bob']);
    expect(await metrics()).toContain('websocket_connections_open 0');
    expect([...service.hub.rooms()]).toEqual([]);
  });
});
