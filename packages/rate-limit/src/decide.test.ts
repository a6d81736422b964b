import { describe, expect, it } from 'vitest';
import { describeDecision } from './decide.ts';
import { minute } from './window.ts';

const nowMs = 1_000_000_000_000 + 2000;
const current = nowMs / 5000 - 0.4;

const judge = (over: Partial<Parameters<typeof describeDecision>[0]>) =>
  describeDecision({
    window: minute,
    nowMs,
    limit: 10,
    granted: true,
    counts: [],
    weight: 1,
    source: 'redis',
    ...over,
  });

describe('describeDecision', () => {
  it('says what is left and when all of it is free again', () => {
    const counts = [
      { bucket: current - 3, spent: 2 },
      { bucket: current, spent: 1 },
    ];
    expect(judge({ counts })).toEqual({
      granted: true,
      limit: 10,
      remaining: 7,
      resetSeconds: 63,
      retryAfterSeconds: 0,
      source: 'redis',
    });
  });

  it('says when enough of the oldest spending expires', () => {
    const counts = [
      { bucket: current, spent: 4 },
      { bucket: current - 12, spent: 6 },
    ];
    expect(judge({ granted: false, counts })).toMatchObject({
      remaining: 0,
      retryAfterSeconds: 3,
      resetSeconds: 63,
    });
  });

  it('waits for more than one bucket if more than the limit was spent', () => {
    const counts = [
      { bucket: current - 12, spent: 2 },
      { bucket: current - 10, spent: 9 },
      { bucket: current - 5, spent: 1 },
    ];
    expect(judge({ granted: false, counts, limit: 5 }).retryAfterSeconds).toBe(13);
  });

  it('counts what is left in requests of this instance', () => {
    const counts = [{ bucket: current, spent: 4 }];
    expect(judge({ counts, weight: 4, source: 'local' }).remaining).toBe(2);
  });

  it('never grants and never divides by zero if the limit is zero', () => {
    expect(judge({ granted: false, limit: 0 })).toMatchObject({
      remaining: 0,
      resetSeconds: 0,
      retryAfterSeconds: 60,
    });
  });
});
