import { type Measurement, roomSizes, type State, states } from './measurement.ts';
import type { ChatRun } from './scenario.ts';

/** A measurement for tests: unremarkable except for what is given. */
export function madeUpMeasurement(remarkable: Partial<Measurement> = {}): Measurement {
  const { loop = 'open' } = remarkable;
  return {
    ...{ state: 'normal', sockets: 10, loop },
    deliveriesPerSecond: loop === 'open' ? Number.NaN : 1000,
    ...{ allMs: { p50: 2, p99: 4 }, nearMs: { p50: 1, p99: 3 }, farMs: { p50: 2, p99: 5 } },
    ...{ messages: 10, refused: 0, due: 90, missed: 0, doubled: 0, echoed: 0 },
    ...remarkable,
  };
}

/** A whole run for tests; `of` says what is remarkable in a state. */
export function madeUpRun(
  of: (state: State) => Partial<Measurement> = () => ({}),
  wouldHaveEndedAfterMs = Number.NaN,
): ChatRun {
  const measurements = states.flatMap((state) =>
    roomSizes.flatMap((sockets) =>
      (['open', 'closed'] as const).map((loop) => {
        const { deliveriesPerSecond = 1000, ...remarkable } = of(state);
        const perSecond = loop === 'closed' ? { deliveriesPerSecond } : {};
        return madeUpMeasurement({ state, sockets, loop, ...remarkable, ...perSecond });
      }),
    ),
  );
  return { measurements, closed: 0, wouldHaveEndedAfterMs };
}
