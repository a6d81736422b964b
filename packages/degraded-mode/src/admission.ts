import { Bulkhead } from './bulkhead.ts';
import { Ramp } from './ramp.ts';

/** Why a call does not reach a dependency that is available: its bound is met, or it just recovered. */
export type Shed = 'bulkhead' | 'ramp';

export interface AdmissionOptions {
  readonly maxCallsUnderWay: number | undefined;
  readonly rampMs: number | undefined;
}

/** Decides which calls reach a dependency while it is available. */
export class Admission {
  readonly bulkhead: Bulkhead | undefined;
  readonly ramp: Ramp | undefined;

  constructor({ maxCallsUnderWay, rampMs }: AdmissionOptions) {
    this.bulkhead = maxCallsUnderWay === undefined ? undefined : new Bulkhead(maxCallsUnderWay);
    this.ramp = rampMs === undefined ? undefined : new Ramp(rampMs);
  }

  /** Admits a call, which must {@link leave} in the end, or says why it is shed. */
  enter(): Shed | undefined {
    // First the bulkhead: a call that it sheds uses up nothing of the ramp.
    if (this.bulkhead?.isFull === true) return 'bulkhead';
    if (this.ramp?.passes() === false) return 'ramp';
    this.bulkhead?.enter();
    return undefined;
  }

  leave(): void {
    this.bulkhead?.leave();
  }
}
