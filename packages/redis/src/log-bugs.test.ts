import { DegradedMode } from '@secureconnect/degraded-mode';
import { classify } from '@secureconnect/degraded-mode/ioredis';
import { connectedClient, errorOf } from '@secureconnect/degraded-mode/ioredis/testing';
import { createLogger } from '@secureconnect/service';
import { testRedis } from '@secureconnect/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { logBugs } from './log-bugs.ts';

afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const lines: string[] = [];
  const log = createLogger({ service: 'auth', level: 'info', write: (line) => lines.push(line) });
  const mode = new DegradedMode({ service: 'auth', classify });
  const stop = logBugs(mode, log, {});
  return { lines, mode, stop };
}

it('a mistake of ours is an error in the log, by code and command, without the arguments', async () => {
  await using server = await testRedis();
  const { lines, mode } = setUp();
  const redis = await connectedClient(server.url);
  await redis.set('session:secret-id', 'secret-value');
  mode.reportError(await errorOf(redis.lpush('session:secret-id', 'secret-value')));
  redis.disconnect();
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      level: 'error',
      reason: 'WRONGTYPE lpush',
      times: 1,
      msg: 'Redis refused an invalid command of this service',
    }),
  ]);
  expect(lines.join()).not.toContain('secret');
});

it('one that every request meets is one line a minute, with its count', () => {
  vi.useFakeTimers();
  const { lines, mode, stop } = setUp();
  const meet = (reason: string) => mode.emit('bug', { severity: 'bug', reason });
  for (let count = 0; count < 100; count += 1) meet('ERR evalsha');
  meet('WRONGTYPE get');
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['ERR evalsha', 'WRONGTYPE get']);
  vi.advanceTimersByTime(60_000);
  meet('ERR evalsha');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ reason: 'ERR evalsha', times: 100 });
  stop();
  meet('ERR get');
  expect(lines).toHaveLength(3);
});
