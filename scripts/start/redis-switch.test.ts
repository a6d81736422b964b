import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RedisSwitchServer, serveRedisSwitch } from './redis-switch.ts';

let said: string[];
let done: string[];
let redis: { running: boolean; failure: Error | undefined };
let server: RedisSwitchServer;

beforeEach(async () => {
  said = [];
  done = [];
  redis = { running: true, failure: undefined };
  const turn = async (running: boolean): Promise<void> => {
    done.push(`begin ${running}`);
    await new Promise(setImmediate);
    if (redis.failure !== undefined) throw redis.failure;
    redis.running = running;
    done.push(`end ${running}`);
  };
  const switched = {
    isRunning: () => redis.running,
    stop: () => turn(false),
    start: () => turn(true),
  };
  server = await serveRedisSwitch(switched, (line) => said.push(line));
});
afterEach(() => server[Symbol.asyncDispose]());

const put = (body: string, url = server.url) => fetch(url, { method: 'PUT', body });
const order = (isRunning: boolean) => put(`{"is_running":${isRunning}}`);

describe('the switch of Redis', () => {
  it('tells whether it runs, and takes orders', async () => {
    expect(await (await fetch(server.url)).json()).toEqual({ is_running: true });
    expect(await (await order(false)).json()).toEqual({ is_running: false });
    expect(await (await fetch(server.url)).json()).toEqual({ is_running: false });
    expect(said).toEqual(['Redis was stopped from the demo page']);
  });

  it('does nothing for an order that is fulfilled', async () => {
    await order(true);
    expect(done).toEqual([]);
  });

  it('carries out one order after the other', async () => {
    await Promise.all([order(false), order(true), order(false)]);
    expect(done.filter((_, index) => index % 2 === 0).every((each) => each.startsWith('b'))).toBe(
      true,
    );
    expect(done.filter((_, index) => index % 2 === 1).every((each) => each.startsWith('e'))).toBe(
      true,
    );
  });

  it('says what went wrong, and takes the next order', async () => {
    redis.failure = new Error('Redis did not start');
    expect((await order(false)).status).toBe(500);
    expect(said).toEqual(['Redis was not switched: Redis did not start']);
    redis.failure = undefined;
    expect((await order(false)).status).toBe(200);
  });

  it('answers nobody without its secret, and takes no other order', async () => {
    const { origin, pathname } = new URL(server.url);
    for (const path of ['/', pathname.slice(0, -1), `${pathname}x`]) {
      expect((await put('{"is_running":false}', `${origin}${path}`)).status).toBe(404);
    }
    for (const body of ['', 'constructor', '{"is_running":0}', 'x'.repeat(200)]) {
      expect((await put(body)).status).toBe(400);
    }
    expect(done).toEqual([]);
  });
});
