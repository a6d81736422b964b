import { request } from 'node:http';
import { eventually, testRedis } from '@secureconnect/testkit';
import { expect, test } from 'vitest';
import { startRoomService, tokenOf } from '../test/room-service.ts';

/** The header `X-Degraded` of the reply that opens a socket. */
function degradedOf(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request(url.replace('ws:', 'http:'), {
      headers: {
        Authorization: `Bearer ${tokenOf('ada')}`,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
    });
    asked.once('error', reject);
    asked.once('upgrade', (reply, socket) => {
      socket.destroy();
      resolve(reply.headers['x-degraded']);
    });
    asked.end();
  });
}

test('the reply that opens a socket names the fallbacks used', async () => {
  await using redis = await testRedis();
  await using service = await startRoomService(redis.url);
  expect(await degradedOf(service.urlOf('red'))).toBeUndefined();
  await redis.kill();
  expect(await degradedOf(service.urlOf('red'))).toMatch(/fan-out=local/);
  await redis.restart();
  await eventually(async () => expect(await degradedOf(service.urlOf('red'))).toBeUndefined());
});
