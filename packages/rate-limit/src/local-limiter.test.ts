import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitKey } from './limiter.ts';
import { LocalLimiter } from './local-limiter.ts';
import { minute } from './window.ts';

const key = limitKey('default', 'somebody');

function local(options: { instances?: number; maxKeys?: number } = {}) {
  const clock = { nowMs: 1_700_000_000_000 };
  const limiter = new LocalLimiter({
    window: minute,
    now: () => clock.nowMs,
    liveInstances: () => options.instances ?? 1,
    maxKeys: options.maxKeys ?? 100,
  });
  return { limiter, clock };
}

async function grants(limiter: LocalLimiter, of: string, limit: number, tries: number) {
  let granted = 0;
  for (let n = 0; n < tries; n += 1) granted += (await limiter.consume(of, limit)).granted ? 1 : 0;
  return granted;
}

/** The most grants in any span of 60 s, both ends belonging to it. */
function maxInAMinute(times: readonly number[]): number {
  return Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at <= from + 60_000).length),
  );
}

/** Pauses that meet the edges of buckets and of the window, and others. */
const pauseMs = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 2, arbitrary: fc.constantFrom(4999, 5000, 5001, 59_999, 60_000, 60_001, 65_000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 200_000 }) },
);

describe('a limit without Redis', () => {
  it('is never exceeded in any window of 60 s, whatever the times', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pauseMs, { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        async (pauses, limit) => {
          const { limiter, clock } = local();
          const grantedAt: number[] = [];
          for (const pause of pauses) {
            clock.nowMs += pause;
            if ((await limiter.consume(key, limit)).granted) grantedAt.push(clock.nowMs);
          }
          expect(maxInAMinute(grantedAt)).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is divided among instances, with less than one extra request each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(pauseMs, fc.nat({ max: 7 })), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        async (requests, limit, instances) => {
          const clock = { nowMs: 1_700_000_000_000 };
          const limiters = Array.from({ length: instances }, () => local({ instances }));
          const grantedAt: number[] = [];
          for (const [pause, to] of requests) {
            clock.nowMs += pause;
            const chosen = limiters[to % instances];
            if (chosen === undefined) throw new Error('no such instance');
            chosen.clock.nowMs = clock.nowMs;
            const { granted } = await chosen.limiter.consume(key, limit);
            if (granted) grantedAt.push(clock.nowMs);
          }
          expect(maxInAMinute(grantedAt)).toBeLessThanOrEqual(limit + instances - 1);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('grants again after the time that it says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pauseMs, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        async (pauses, limit) => {
          const { limiter, clock } = local();
          for (const pause of pauses) {
            clock.nowMs += pause;
            await limiter.consume(key, limit);
          }
          const decision = await limiter.consume(key, limit);
          clock.nowMs += decision.retryAfterSeconds * 1000;
          if (!decision.granted) expect((await limiter.consume(key, limit)).granted).toBe(true);
          const { resetSeconds } = await limiter.consume(key, limit);
          clock.nowMs += resetSeconds * 1000;
          expect((await limiter.consume(key, limit)).remaining).toBe(limit - 1);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('continues from the previous spending, and expires it as Redis would', async () => {
    const { limiter, clock } = local();
    const bucket = Math.floor(clock.nowMs / 5000);
    limiter.note(key, [
      { bucket: bucket - 12, shared: 50, handedOver: 0 },
      { bucket, shared: 30, handedOver: 10 },
    ]);
    expect(await grants(limiter, key, 100, 20)).toBe(10);
    clock.nowMs += 5000;
    expect(await grants(limiter, key, 100, 100)).toBe(50);
  });

  it('counts its own grants once for every instance, and those of the past once', async () => {
    const { limiter, clock } = local({ instances: 4 });
    const bucket = Math.floor(clock.nowMs / 5000);
    limiter.note(key, [{ bucket, shared: 20, handedOver: 0 }]);
    expect(await limiter.consume(key, 100)).toMatchObject({ granted: true, remaining: 19 });
    expect(await grants(limiter, key, 100, 50)).toBe(19);
  });

  it('does not count a refused request', async () => {
    const { limiter, clock } = local();
    expect(await grants(limiter, key, 3, 50)).toBe(3);
    clock.nowMs += 65_000;
    expect(await grants(limiter, key, 3, 50)).toBe(3);
  });

  it('counts what a different clock put into the near future, and ignores the far future', async () => {
    const { limiter, clock } = local();
    const bucket = Math.floor(clock.nowMs / 5000);
    limiter.note(key, [
      { bucket: bucket + 1, shared: 2, handedOver: 0 },
      { bucket: bucket + 900, shared: 50, handedOver: 0 },
    ]);
    expect(await grants(limiter, key, 3, 10)).toBe(1);
  });
});

describe('memory', () => {
  it('is bounded, and a full table keeps every live key', async () => {
    const { limiter } = local({ maxKeys: 50 });
    const known = limitKey('default', 'known');
    expect(await grants(limiter, known, 10, 10)).toBe(10);
    for (let n = 0; n < 1000; n += 1) {
      await limiter.consume(limitKey('default', `flood ${n}`), 10);
      limiter.note(limitKey('default', `noted ${n}`), []);
    }
    expect(limiter.size).toBe(50);
    expect(await grants(limiter, known, 10, 10)).toBe(0);
  });

  it('lets keys without room share one counter for each limit', async () => {
    const { limiter } = local({ maxKeys: 1 });
    await limiter.consume(limitKey('default', 'first'), 10);
    let granted = 0;
    for (let n = 0; n < 100; n += 1) {
      granted += await grants(limiter, limitKey('login', `subject ${n}`), 10, 1);
    }
    expect(granted).toBe(10);
    expect(await grants(limiter, limitKey('search', 'somebody'), 50, 100)).toBe(50);
  });

  it('gives no fresh budget to a key that shared the counter and then has room', async () => {
    const { limiter, clock } = local({ maxKeys: 1 });
    await limiter.consume(limitKey('default', 'first'), 10);
    clock.nowMs += 71_000;
    expect(await grants(limiter, key, 10, 5)).toBe(5);
    clock.nowMs += 64_000;
    expect(await grants(limiter, key, 10, 5)).toBe(5);
    // The first key is forgotten now, and what the counter gave 71 s ago no longer counts.
    clock.nowMs += 7_000;
    expect(await grants(limiter, key, 10, 20)).toBe(5);
    expect(limiter.size).toBe(1);
  });

  it('is released when keys fall silent', async () => {
    const { limiter, clock } = local({ maxKeys: 50 });
    for (let n = 0; n < 50; n += 1) await limiter.consume(limitKey('default', `${n}`), 10);
    clock.nowMs += 150_000;
    await limiter.consume(key, 10);
    expect(limiter.size).toBe(1);
  });
});
