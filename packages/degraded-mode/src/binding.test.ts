import { describe, expect, it } from 'vitest';
import { boundRow, comeUp, goDown, refusalOf, testPorts } from '../test/bound-row.ts';
import { newMode } from '../test/scripted-probes.ts';
import { RowBinding } from './binding.ts';
import { type Declared, failClosed, failOpen } from './fallback.ts';
import { DegradedRefusal } from './refusal.ts';

const closed = failClosed({ retryAfterSeconds: 7 });
const recent = failOpen.snapshot({ maxStalenessSeconds: 60 });
const refused = new Error('hard: ECONNREFUSED');

describe('while Redis is available', () => {
  it('Redis answers, and nothing is noted', async () => {
    const { handed, mode, outcomes, taken } = boundRow({ hitCounter: failOpen.local() });
    comeUp(mode);
    expect(await handed.hitCounter.add(1)).toBe('redis 1');
    expect(outcomes.isEmpty).toBe(true);
    expect(taken).toEqual([]);
  });

  it('an answer counts as a sign of life', async () => {
    const { handed, mode } = boundRow({ hitCounter: failOpen.local() });
    comeUp(mode);
    const timeout = { severity: 'timeout', reason: 'timed out' } as const;
    mode.availability.recordFailure(timeout);
    mode.availability.recordFailure(timeout);
    await handed.hitCounter.add(1);
    mode.availability.recordFailure(timeout);
    expect(mode.isAvailable()).toBe(true);
  });

  it('an error that is not one of Redis is thrown on and moves nothing', async () => {
    const { handed, mode, outcomes, redis, taken } = boundRow({ hitCounter: failOpen.local() });
    comeUp(mode);
    redis.error = new Error('WRONGTYPE');
    await expect(handed.hitCounter.add(1)).rejects.toBe(redis.error);
    expect(mode.isAvailable()).toBe(true);
    expect(outcomes.isEmpty).toBe(true);
    expect(taken).toEqual([]);
  });
});

describe('while Redis is down', () => {
  it.each([
    ['local', failOpen.local(), 'local 2'],
    ['skip', failOpen.skip(), 'skipped'],
    ['snapshot', recent, 'snapshot of local 2'],
  ])('%s answers, and is noted and counted once', async (kind, declared, answer) => {
    const { handed, mode, outcomes, taken } = boundRow({ hitCounter: declared });
    goDown(mode);
    expect(await handed.hitCounter.add(2)).toBe(answer);
    expect(outcomes.header()).toBe(`hit-counter=${kind}`);
    expect(outcomes.list()).toEqual(['hit-counter']);
    expect(taken).toEqual([{ route: 'POST /v1/hits', port: 'hitCounter', fallback: kind }]);
  });

  it('each call is counted', async () => {
    const { handed, mode, taken, outcomes } = boundRow({ hitCounter: failOpen.local() });
    goDown(mode);
    await Promise.all([handed.hitCounter.add(1), handed.hitCounter.add(2)]);
    expect(taken).toHaveLength(2);
    expect(outcomes.list()).toEqual(['hit-counter']);
  });

  it('before the first contact it is down too', async () => {
    const { handed } = boundRow({ hitCounter: failOpen.local() });
    expect(await handed.hitCounter.add(1)).toBe('local 1');
  });

  it('a row that fails closed is refused before its handler, counted once', () => {
    const { binding, mode, taken } = boundRow({ sessions: closed, hitCounter: failOpen.skip() });
    goDown(mode);
    expect(refusalOf(binding)).toMatchObject({
      ...{ operation: 'hits', port: 'sessions', retryAfterSeconds: 7 },
    });
    expect(taken).toEqual([{ route: 'POST /v1/hits', port: 'sessions', fallback: 'failClosed' }]);
  });

  it('a row that fails open is not refused', () => {
    const { binding, mode, taken } = boundRow({ hitCounter: failOpen.skip() });
    goDown(mode);
    expect(refusalOf(binding)).toBeUndefined();
    expect(taken).toEqual([]);
  });

  it('a snapshot that is too old fails closed, counted once', async () => {
    const { age, handed, mode, outcomes, taken } = boundRow({ hitCounter: recent });
    goDown(mode);
    age.seconds = 60;
    expect(await handed.hitCounter.add(1)).toBe('snapshot of local 1');
    age.seconds = 60.1;
    taken.length = 0;
    await expect(handed.hitCounter.add(1)).rejects.toThrow(DegradedRefusal);
    expect(taken).toEqual([{ route: 'POST /v1/hits', port: 'hitCounter', fallback: 'snapshot' }]);
    age.seconds = Number.POSITIVE_INFINITY;
    await expect(handed.hitCounter.add(1)).rejects.toMatchObject({ port: 'hitCounter' });
    expect(outcomes.list()).toEqual(['hit-counter']);
  });
});

describe('when the flag is stale', () => {
  it('the same call gets the fallback, and the flag goes down', async () => {
    const { handed, mode, outcomes, redis, taken } = boundRow({ hitCounter: failOpen.local() });
    comeUp(mode);
    redis.error = refused;
    expect(await handed.hitCounter.add(3)).toBe('local 3');
    expect(mode.isAvailable()).toBe(false);
    expect(outcomes.header()).toBe('hit-counter=local');
    expect(taken).toHaveLength(1);
  });

  it('one time-out gets the fallback while the flag still holds', async () => {
    const { handed, mode, redis } = boundRow({ hitCounter: failOpen.local() });
    comeUp(mode);
    redis.error = new Error('timeout: timed out');
    expect(await handed.hitCounter.add(3)).toBe('local 3');
    expect(mode.isAvailable()).toBe(true);
  });

  it('a mistake of ours gets the fallback, and the flag stays', async () => {
    const row = { hitCounter: failOpen.local(), sessions: closed } as const;
    const { handed, mode, redis, taken } = boundRow(row);
    comeUp(mode);
    redis.error = new Error('bug: WRONGTYPE get');
    expect(await handed.hitCounter.add(3)).toBe('local 3');
    await expect(handed.sessions.add(1)).rejects.toThrow(DegradedRefusal);
    expect(mode.isAvailable()).toBe(true);
    expect(taken.map(({ port }) => port)).toEqual(['hitCounter', 'sessions']);
  });

  it('a port that fails closed refuses in the middle of the handler, counted once', async () => {
    const { binding, handed, mode, redis, taken } = boundRow({ sessions: closed });
    comeUp(mode);
    expect(refusalOf(binding)).toBeUndefined();
    redis.error = refused;
    await expect(handed.sessions.add(1)).rejects.toMatchObject({
      name: 'DegradedRefusal',
      retryAfterSeconds: 7,
    });
    expect(taken).toEqual([{ route: 'POST /v1/hits', port: 'sessions', fallback: 'failClosed' }]);
  });

  it('a handler that began before the outage is refused too', async () => {
    const { handed, mode } = boundRow({ sessions: closed });
    comeUp(mode);
    goDown(mode);
    await expect(handed.sessions.add(1)).rejects.toThrow(DegradedRefusal);
  });
});

describe('a row', () => {
  it('hands over the ports that it names and no other', () => {
    const { handed } = boundRow({ hitCounter: failOpen.local() });
    expect('hitCounter' in handed).toBe(true);
    expect('sessions' in handed).toBe(false);
  });

  it('fails closed in every port when fallbacks are disabled', async () => {
    const row = { hitCounter: failOpen.local() };
    const { binding, handed, mode } = boundRow(row, { fallbackEnabled: false });
    expect([...binding.fallbacks()]).toEqual([
      ['hitCounter', { kind: 'failClosed', retryAfterSeconds: 5 }],
    ]);
    goDown(mode);
    expect(refusalOf(binding)).toMatchObject({ port: 'hitCounter', retryAfterSeconds: 5 });
    await expect(handed.hitCounter.add(1)).rejects.toThrow(DegradedRefusal);
  });

  it('is served normally with fallbacks disabled while Redis is up', async () => {
    const row = { hitCounter: failOpen.local() };
    const { binding, handed, mode } = boundRow(row, { fallbackEnabled: false });
    comeUp(mode);
    expect(refusalOf(binding)).toBeUndefined();
    expect(await handed.hitCounter.add(1)).toBe('redis 1');
  });

  it.each([
    ['names an unknown port', { nobody: closed }, 'names the unknown port nobody'],
    [
      'names a fallback that its port has not',
      { sessions: failOpen.durable() },
      'the port sessions cannot do durable; it can do failClosed',
    ],
  ])('that %s stops the process when it is bound', (_what, whenRedisDown, message) => {
    const row: { [port: string]: Declared } = whenRedisDown;
    const bind = () =>
      new RowBinding(
        { route: 'GET /v1/x', operation: 'x', whenRedisDown: row },
        testPorts().ports,
        newMode(),
      );
    expect(bind).toThrow(message);
  });

  it('keeps requests apart', async () => {
    const { binding, mode } = boundRow({ hitCounter: failOpen.local() });
    goDown(mode);
    const [mine, yours] = [binding.begin(), binding.begin()];
    await mine.ports.hitCounter.add(1);
    expect(mine.fallbacksUsed.isEmpty).toBe(false);
    expect(yours.fallbacksUsed.isEmpty).toBe(true);
  });
});

describe('a call of a port', () => {
  it('that Redis does not answer gets its fallback after the limit, and counts as a time-out', async () => {
    const row = { hitCounter: failOpen.local() };
    const { handed, mode, redis } = boundRow(row, { portLimitMs: 20 });
    comeUp(mode);
    redis.hangs = true;
    expect(await handed.hitCounter.add(1)).toBe('local 1');
    expect(mode.isAvailable()).toBe(true);
    await Promise.all([handed.hitCounter.add(1), handed.hitCounter.add(1)]);
    expect(mode.availability.reason).toBe('timed out');
  });

  it('that throws at once gets its fallback too', async () => {
    const mode = newMode();
    comeUp(mode);
    const atOnce = (): Promise<string> => {
      throw refused;
    };
    const counter = { redis: { add: atOnce }, local: { add: async () => 'local' } };
    const whenRedisDown = { counter: failOpen.local() };
    const row = { route: 'GET /v1/x', operation: 'x', whenRedisDown };
    const binding = new RowBinding<{ counter: typeof counter }, typeof whenRedisDown>(
      row,
      { counter },
      mode,
    );
    expect(await binding.begin().ports.counter.add()).toBe('local');
    expect(mode.isAvailable()).toBe(false);
  });

  it('of a lease is no sign of life when it succeeds', async () => {
    const mode = newMode();
    const lease = {
      dependency: mode,
      isLease: true,
      primary: { use: async () => 'a client' },
    } as const;
    const whenDown = { lease: failOpen.skip() };
    const policy = { route: 'GET /v1/x', operation: 'x', whenRedisDown: {}, whenDown };
    const ports = { lease: { ...lease, skip: { use: async () => 'nothing' } } };
    const binding = new RowBinding<typeof ports, typeof whenDown>(policy, ports, mode);
    comeUp(mode);
    for (let times = 0; times < 3; times += 1) {
      expect(mode.isAvailable()).toBe(true);
      expect(await binding.begin().ports.lease.use()).toBe('a client');
      mode.availability.recordFailure({ severity: 'timeout', reason: 'timed out' });
    }
    expect(mode.isAvailable()).toBe(false);
  });

  it('is waited for where the client has a limit itself', async () => {
    const row = { hitCounter: failOpen.local() };
    const { mode } = boundRow(row, { portLimitMs: Number.POSITIVE_INFINITY });
    expect(mode.callLimit).toBeUndefined();
  });

  it('that is refused does not end the process when nobody awaits it; a bug does', async () => {
    const down = boundRow({ sessions: closed });
    goDown(down.mode);
    expect(await unhandledIn(() => void down.handed.sessions.add(1))).toEqual([]);
    expect(down.taken).toHaveLength(1);

    const stale = boundRow({ sessions: closed });
    comeUp(stale.mode);
    stale.redis.error = refused;
    expect(await unhandledIn(() => void stale.handed.sessions.add(1))).toEqual([]);
    expect(stale.taken).toHaveLength(1);

    const up = boundRow({ sessions: closed });
    comeUp(up.mode);
    const bug = new Error('a bug');
    up.redis.error = bug;
    expect(await unhandledIn(() => void up.handed.sessions.add(1))).toEqual([bug]);
  });
});

/** The rejections that nobody handles, of work and of what it leaves under way. */
async function unhandledIn(work: () => void): Promise<unknown[]> {
  const seen: unknown[] = [];
  const others = process.rawListeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => seen.push(reason));
  work();
  // Rejections are reported when the microtasks of a turn are done.
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('unhandledRejection');
  for (const other of others)
    process.on('unhandledRejection', other as (...values: unknown[]) => void);
  return seen;
}
