import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Availability, type AvailabilityState } from './availability.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** What the flag should be, written down a second time and as plainly as possible. */
interface Model {
  state: AvailabilityState;
  now: number;
  timeouts: number[];
  goodProbes: number[];
  holdMs: number;
  inOutage: boolean;
  lastRecovery: number | undefined;
  entered: number;
  recovered: number;
}

type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'answer' | 'hard' | 'timeout' | 'probe' | 'reconciled' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(1200) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(70_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('answer', 'hard') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('timeout') }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom('probe', 'reconciled') }) },
);

function goDown(model: Model): void {
  model.timeouts = [];
  if (!model.inOutage) {
    const since = model.lastRecovery === undefined ? Infinity : model.now - model.lastRecovery;
    model.holdMs = since < 60_000 ? Math.min(30_000, Math.max(1000, 2 * model.holdMs)) : 0;
    model.inOutage = true;
    model.entered += 1;
  }
  model.state = 'unavailable';
}

function fail(model: Model, hard: boolean): void {
  model.goodProbes = [];
  if (model.state === 'unavailable') return;
  model.timeouts = [...model.timeouts.filter((at) => model.now - at < 1000), model.now];
  if (hard || model.state !== 'available' || model.timeouts.length === 3) goDown(model);
}

function probe(model: Model): void {
  model.timeouts = [];
  if (model.state === 'available') return;
  model.goodProbes.push(model.now);
  const goodForMs = model.now - (model.goodProbes[0] ?? model.now);
  const enough = model.goodProbes.length >= 3 && goodForMs >= model.holdMs;
  if (enough || model.state === 'unknown') model.state = 'recovering';
}

function reconciled(model: Model): void {
  if (model.state !== 'recovering') return;
  model.state = 'available';
  model.timeouts = [];
  if (!model.inOutage) return;
  model.inOutage = false;
  model.recovered += 1;
  model.lastRecovery = model.now;
}

function take(step: Step, model: Model, flag: Availability): void {
  switch (step.kind) {
    case 'wait':
      model.now += step.ms;
      vi.advanceTimersByTime(step.ms);
      return;
    case 'answer':
      model.timeouts = [];
      flag.recordSuccess();
      return;
    case 'hard':
    case 'timeout':
      fail(model, step.kind === 'hard');
      flag.recordFailure({ severity: step.kind, reason: step.kind });
      return;
    case 'probe':
      probe(model);
      if (flag.recordProbe()) flag.recovering();
      return;
    case 'reconciled':
      reconciled(model);
      flag.recovered();
  }
}

describe('the flag', () => {
  it('moves like its model under any sequence of events', () => {
    const check = (steps: Step[]): void => {
      vi.useFakeTimers();
      const flag = new Availability();
      const model: Model = {
        state: 'unknown',
        now: 0,
        timeouts: [],
        goodProbes: [],
        holdMs: 0,
        inOutage: false,
        lastRecovery: undefined,
        entered: 0,
        recovered: 0,
      };
      const seen = { entered: 0, recovered: 0 };
      flag.on('entered', () => {
        seen.entered += 1;
      });
      flag.on('recovered', () => {
        seen.recovered += 1;
      });
      for (const next of steps) {
        take(next, model, flag);
        const { state, holdMs, entered, recovered } = model;
        expect({ state: flag.state, holdMs: flag.holdMs, ...seen }).toEqual({
          state,
          holdMs,
          entered,
          recovered,
        });
      }
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 120 }), check), { numRuns: 300 });
  });
});
