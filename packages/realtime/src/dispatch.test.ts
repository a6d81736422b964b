import { eventually, SocketClient, type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRoomService, tokenOf } from '../test/room-service.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await testRedis();
});
afterAll(() => redis.close());

const start = (
  ...rest: Parameters<typeof startRoomService> extends [string, ...infer Rest] ? Rest : never
) => startRoomService(redis.url, ...rest);

describe('a frame', () => {
  const cases: [string, object | string | Buffer, object][] = [
    ['that is no JSON', '{"type":', { code: 'VALIDATION_ERROR' }],
    ['that is no object', '[1]', { code: 'VALIDATION_ERROR' }],
    ['that is empty', '', { code: 'VALIDATION_ERROR' }],
    ['of bytes', Buffer.from([0xff, 0x00]), { code: 'VALIDATION_ERROR' }],
    [
      'of an unknown type',
      { type: 'shout', id: '1' },
      {
        code: 'VALIDATION_ERROR',
        id: '1',
        message: 'frame.type expected "say" or "conflict" or "crash" or "open"',
      },
    ],
    ['of a type that only the service sends', { type: 'left', room: 'red' }, {}],
    [
      'without a field',
      { type: 'say', id: '2' },
      {
        code: 'VALIDATION_ERROR',
        id: '2',
        message: expect.stringContaining('frame.room is required'),
      },
    ],
    ['with an id that is too long to repeat', { type: 'say', id: 'x'.repeat(65) }, {}],
    [
      'that the handler refuses',
      { type: 'conflict', id: '3', room: 'red' },
      { code: 'CONFLICT', id: '3', message: 'This cannot be.' },
    ],
    [
      'that the handler stumbles over',
      { type: 'crash', id: '4', room: 'red' },
      { code: 'INTERNAL_ERROR', id: '4', message: 'Something went wrong here.' },
    ],
  ];

  test.for(cases)(
    '%s is answered with an error, and the socket stays open',
    async ([, frame, error]) => {
      await using service = await start();
      await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
      ada.send(frame);
      expect(await ada.next('error')).toMatchObject({ type: 'error', ...error });
      await ada.ask({ type: 'say', id: 'still', room: 'red' }, 'ack');
    },
  );

  test('larger than allowed closes the socket', async () => {
    await using service = await start({ maxFrameBytes: 1000 });
    await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    ada.send('x'.repeat(1001));
    expect(await ada.closed).toMatchObject({ code: 1009 });
    await eventually(async () => {
      const metrics = await service.metrics.registry.metrics();
      expect(metrics).toContain('websocket_closes_total{code="1009"} 1');
    });
  });

  test('is answered in the order in which it came', async () => {
    await using service = await start();
    await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    const ids = Array.from({ length: 200 }, (_, index) => `${index}`);
    for (const id of ids) ada.send({ type: 'say', id, room: 'red' });
    const answered: unknown[] = [];
    for (const _ of ids) answered.push((await ada.next('ack'))['id']);
    expect(answered).toEqual(ids);
  });

  test('whose row fails closed is refused while Redis is down', async () => {
    await using own = await testRedis();
    await using service = await startRoomService(own.url);
    await using ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
    const open = { type: 'open', id: 'v', room: 'red' };
    expect(await ada.ask(open, 'ack')).toEqual({ type: 'ack', id: 'v' });
    await own.kill();
    expect(await ada.ask(open, 'error')).toEqual({
      type: 'error',
      code: 'SERVICE_DEGRADED',
      message: 'opening the vault is operating in degraded mode due to Redis unavailability',
      id: 'v',
    });
  });
});
