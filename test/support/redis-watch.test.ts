import { setTimeout as delay } from 'node:timers/promises';
import { eventually, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { RedisWatch, type SlowSpan } from './redis-watch.ts';

const now = (): number => performance.now();

it('records when Redis did not answer, and when this process could not ask', async () => {
  await using redis = await testRedis();
  const slow: SlowSpan[] = [];
  using watch = new RedisWatch(redis.port, now, slow);
  const noted = (fromMs: number, untilMs: number): void => {
    const found = slow.some(({ beginMs, endMs }) => beginMs <= untilMs && fromMs <= endMs);
    expect(found, `something between ${fromMs} and ${untilMs}`).toBe(true);
  };
  const frozenForMs = 300;
  const busyForMs = 200;

  redis.freeze();
  const frozenMs = now();
  await delay(frozenForMs);
  redis.thaw();
  await eventually(() => noted(frozenMs + 100, frozenMs + 200));
  const [waited] = slow.filter(({ isLate }) => !isLate);
  expect(waited?.workedMs).toBeLessThan(frozenForMs / 2);

  const busyMs = now();
  // By the processor's time: on a busy machine that takes longer.
  const { user } = process.threadCpuUsage();
  while (process.threadCpuUsage().user - user < busyForMs * 1000);
  const busyUntilMs = now();
  await watch.answered();
  noted(busyMs + 50, busyMs + 150);
  const late = slow.find(({ isLate, endMs }) => isLate && endMs >= busyUntilMs);
  expect(late?.workedMs).toBeGreaterThanOrEqual(busyForMs);
  expect(watch.slowMsWithin(busyMs, busyMs + busyForMs)).toBeGreaterThan(100);

  await redis.kill();
  const killedMs = now();
  await eventually(() => noted(killedMs, killedMs + 200));
});
