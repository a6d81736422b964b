import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLoopStall } from './event-loop-stall.ts';

let stall: EventLoopStall;

beforeEach(() => {
  vi.useFakeTimers();
  stall = new EventLoopStall();
});
afterEach(() => {
  stall.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Time goes by, and no timer of this process runs. */
function block(ms: number): void {
  const blockedUntil = performance.now() + ms;
  vi.spyOn(performance, 'now').mockImplementation(() => blockedUntil);
}

describe('a stall of the event loop', () => {
  it('is not seen while the loop turns', () => {
    stall.start();
    vi.advanceTimersByTime(10_000);
    expect(stall.justHappened()).toBe(false);
  });

  it('is seen before the first timer has run again', () => {
    stall.start();
    vi.advanceTimersByTime(1000);
    block(200);
    expect(stall.justHappened()).toBe(true);
  });

  it('is seen for 100 ms more, while the replies are read', () => {
    stall.start();
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 200);
    vi.advanceTimersByTime(50);
    expect(stall.justHappened()).toBe(true);
    now.mockReturnValue(performance.now() + 99);
    expect(stall.justHappened()).toBe(true);
    now.mockReturnValue(performance.now() + 1);
    expect(stall.justHappened()).toBe(false);
  });

  it('shorter than 75 ms does not count', () => {
    stall.start();
    vi.advanceTimersByTime(50);
    block(125);
    expect(stall.justHappened()).toBe(false);
  });

  it('is never seen by a watch that was not started, or was stopped', () => {
    vi.advanceTimersByTime(5000);
    expect(stall.justHappened()).toBe(false);
    stall.start();
    stall.stop();
    vi.advanceTimersByTime(5000);
    expect(stall.justHappened()).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is watched by one timer, however often it is started', () => {
    stall.start();
    stall.start();
    expect(vi.getTimerCount()).toBe(1);
  });
});
