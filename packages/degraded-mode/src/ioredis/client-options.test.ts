import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SentinelAddress, SingleAddress } from '../redis/address.ts';
import { clientOptions } from './client-options.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const single: SingleAddress = { kind: 'single', url: 'redis://localhost' };
const sentinel: SentinelAddress = {
  kind: 'sentinel',
  sentinels: [{ host: 'localhost', port: 26_379 }],
  masterName: 'mymaster',
};

/** Whether clients of this address reconnect on these replies, one after the other. */
function reconnects(address: SingleAddress | SentinelAddress, ...replies: string[]): unknown[] {
  const { reconnectOnError } = clientOptions(address);
  return replies.map((reply) => reconnectOnError?.(new Error(reply)));
}

describe('a client reconnects', () => {
  it('when its server became a replica', () => {
    expect(reconnects(single, 'OOM no memory', 'READONLY a replica')).toEqual([false, 1]);
  });

  it('also if a script met that, in the words of any server', () => {
    for (const reply of [
      'READONLY a replica script: 67b6, on @user_script:1.',
      'ERR Error running script (call to f_67b6): @user_script:1: @user_script: 1: -READONLY no',
    ]) {
      expect(reconnects(single, reply)).toEqual([1]);
    }
  });

  it('through its sentinels also when its server lost its replicas', () => {
    expect(reconnects(single, 'NOREPLICAS too few')).toEqual([false]);
    expect(reconnects(sentinel, 'NOREPLICAS too few')).toEqual([1]);
  });

  it('at most once a second, whatever the load', () => {
    const { reconnectOnError } = clientOptions(single);
    const error = new Error('READONLY a replica');
    expect([reconnectOnError?.(error), reconnectOnError?.(error)]).toEqual([1, false]);
    vi.advanceTimersByTime(1000);
    expect(reconnectOnError?.(error)).toBe(1);
    expect(clientOptions(single).reconnectOnError?.(error)).toBe(1);
  });

  it('after 50 to 250 ms, not in step with others', () => {
    const { retryStrategy } = clientOptions(single);
    const delays = Array.from({ length: 500 }, (_unused, index) =>
      Number(retryStrategy?.(index + 1)),
    );
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...delays)).toBeLessThanOrEqual(250);
    expect(delays[0]).toBeLessThanOrEqual(100);
    expect(new Set(delays).size).toBeGreaterThan(100);
  });
});
