import { Client } from 'cassandra-driver';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ControlConnection, controlConnectionOf, guardRefresh } from './guarded-refresh.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One whose first refreshes fail. */
function failing(times: number) {
  const failure = new TypeError('its connection is gone');
  const control = {
    refreshes: 0,
    _isShuttingDown: false as boolean,
    async _refresh() {
      this.refreshes += 1;
      if (this.refreshes <= times) throw failure;
    },
  } satisfies ControlConnection & { refreshes: number };
  return { control, failure };
}

it('is found in the driver', () => {
  const client = new Client({ contactPoints: ['127.0.0.1:1'], localDataCenter: 'x' });
  expect(controlConnectionOf(client)._isShuttingDown).toBe(false);
});

it('a refresh that fails is told, and made once more a second later', async () => {
  const { control, failure } = failing(2);
  const told: unknown[] = [];
  guardRefresh(control, (error) => told.push(error));
  await Promise.all([control._refresh(), control._refresh()]);
  expect(told).toEqual([failure, failure]);
  await vi.advanceTimersByTimeAsync(999);
  expect(control.refreshes).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(control.refreshes).toBe(3);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(control.refreshes).toBe(3);
});

it('goes on until one succeeds', async () => {
  const { control } = failing(4);
  guardRefresh(control, () => undefined);
  await control._refresh();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(control.refreshes).toBe(5);
});

it('is not told, and not made again, while the client shuts down', async () => {
  const { control } = failing(1);
  const told: unknown[] = [];
  guardRefresh(control, (error) => told.push(error));
  control._isShuttingDown = true;
  await control._refresh();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([told, control.refreshes]).toEqual([[], 1]);
});
