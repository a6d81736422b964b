import { expect, it } from 'vitest';
import { Ledger } from './ledger.ts';
import { measurementOf } from './measurement.ts';

it('names what is missing, and has the percentiles of what arrived', () => {
  const ledger = new Ledger(4);
  const counts = ledger.begin();
  const number = ledger.sent(0, 100);
  ledger.taken(number);
  ledger.heard(number, 1, 108);
  ledger.heard(number, 2, 104);
  const task = { state: 'normal', sockets: 10, loop: 'closed' } as const;
  expect(measurementOf(task, counts, 55)).toEqual({
    ...task,
    deliveriesPerSecond: 55,
    allMs: { p50: 4, p99: 8 },
    nearMs: { p50: 4, p99: 4 },
    farMs: { p50: 8, p99: 8 },
    ...{ messages: 1, refused: 0, due: 3, missed: 1, doubled: 0, echoed: 0 },
  });
});

it('has no percentiles if nothing arrived', () => {
  const task = { state: 'Redis killed', sockets: 10, loop: 'open' } as const;
  const { farMs } = measurementOf(task, new Ledger(4).begin(), Number.NaN);
  expect(farMs).toEqual({ p50: Number.NaN, p99: Number.NaN });
});
