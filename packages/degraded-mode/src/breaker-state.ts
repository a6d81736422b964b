import type { Availability } from './availability.ts';

/**
 * The state of a dependency in the words of circuit breakers. `closed`: calls reach it. `open`:
 * fallbacks answer all. `half_open`: they still do, while probes that succeed and reconcilers
 * decide whether it is back.
 */
export type BreakerState = 'closed' | 'open' | 'half_open';

export function breakerState({ state, goodProbes }: Availability): BreakerState {
  if (state === 'available') return 'closed';
  return state === 'recovering' || goodProbes > 0 ? 'half_open' : 'open';
}
