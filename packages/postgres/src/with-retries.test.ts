import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { RetriesExhausted } from './own-limits.ts';
import { withRetries } from './with-retries.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function databaseError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('from the server', 0, 'error');
  error.code = code;
  return error;
}

/** Runs attempts that each take `attemptMs` and fail; returns the error, their times and the end. */
async function failing(error: unknown, attemptMs: number, maxMs: number) {
  const begunAt: number[] = [];
  const zero = performance.now();
  const attempt = async (): Promise<never> => {
    begunAt.push(performance.now() - zero);
    vi.advanceTimersByTime(attemptMs);
    throw error;
  };
  const ended = failureOf(withRetries(attempt, maxMs));
  await vi.runAllTimersAsync();
  return { error: await ended, begunAt, tookMs: performance.now() - zero };
}

describe('attempts that the database asks to repeat', () => {
  it.each(['40001', '40P01', '26000'])('after %s, are at most twelve', async (code) => {
    const conflict = databaseError(code);
    const { error, begunAt } = await failing(conflict, 0, 60_000);
    expect(begunAt).toHaveLength(12);
    expect(error).toBeInstanceOf(RetriesExhausted);
    expect(error).toMatchObject({ cause: conflict });
  });

  it('begin within the time limit, so all end one attempt after it', async () => {
    const { error, begunAt, tookMs } = await failing(databaseError('40001'), 700, 3000);
    expect(begunAt.length).toBeGreaterThan(1);
    expect(begunAt.length).toBeLessThan(6);
    expect(Math.max(...begunAt)).toBeLessThanOrEqual(3000);
    expect(tookMs).toBeLessThanOrEqual(3700);
    expect(error).toMatchObject({
      message: `gave up after ${begunAt.length} attempts in ${Math.round(tookMs)} ms`,
    });
  });

  it('return what the first one returns that succeeds', async () => {
    let runs = 0;
    const result = withRetries(async () => {
      runs += 1;
      if (runs < 3) throw databaseError('40001');
      return 'done';
    }, 3000);
    await vi.runAllTimersAsync();
    expect(await result).toBe('done');
    expect(runs).toBe(3);
  });
});

it.each([databaseError('23505'), new TypeError('a mistake')])(
  'any other error ends the first attempt: %s',
  async (thrown) => {
    const { error, begunAt } = await failing(thrown, 0, 3000);
    expect(error).toBe(thrown);
    expect(begunAt).toHaveLength(1);
  },
);
