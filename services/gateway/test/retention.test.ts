import { createLogger } from '@secureconnect/service';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { removeClosed, startRetention } from '../src/signals/retention.ts';
import type { RemediationSink } from '../src/signals/sink.ts';

const now = Date.parse('2026-02-01T00:00:00Z');

/** A sink that has so many requests to remove. */
function sinkWith(closed: number) {
  let left = closed;
  const purge = vi.fn(async (_before: Date, maxCount: number) => {
    const some = Math.min(left, maxCount);
    left -= some;
    return some;
  });
  return { purge, sink: { purge } as Partial<RemediationSink> as RemediationSink };
}

describe('closed requests', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are removed batch by batch, from the number of days ago', async () => {
    const { sink, purge } = sinkWith(450);
    expect(await removeClosed(sink, 30, now)).toBe(450);
    const before = new Date('2026-01-02T00:00:00Z');
    expect(purge.mock.calls).toEqual([
      [before, 200],
      [before, 200],
      [before, 200],
    ]);
  });

  it('are removed in turns of at most 10,000', async () => {
    expect(await removeClosed(sinkWith(20_000).sink, 1, now)).toBe(10_000);
  });

  it('are kept forever with 0 days', async () => {
    const { sink, purge } = sinkWith(0);
    await removeClosed(sink, 0, now);
    expect(purge).toHaveBeenCalledWith(new Date(0), 200);
  });

  it('are looked for every ten minutes until it is stopped', async () => {
    const { sink, purge } = sinkWith(0);
    const stop = startRetention(sink, 30, createLogger({ service: 'test', level: 'silent' }));
    await vi.advanceTimersByTimeAsync(23 * 60_000);
    expect(purge).toHaveBeenCalledTimes(2);
    await stop();
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(purge).toHaveBeenCalledTimes(2);
  });
});
