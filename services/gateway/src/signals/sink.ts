import type { OverallPhase, RemediationRequest, StormType } from '@secureconnect/contracts';
import type { Signal } from './signal.ts';
import type { Triage } from './triage.ts';

/** A signal that needs a remediation request. */
export interface Draft {
  readonly signal: Signal;
  readonly triage: Triage;
  /** By this process's clock, which orders requests; the sender's may be wrong. */
  readonly receivedAt: Date;
}

/** Which signal is delivered again, and when it began by that delivery. */
export type Firing = Pick<Signal, 'fingerprint' | 'firingAt'>;

/** The storm that a signal belongs to. */
export interface StormRef {
  readonly id: string;
  readonly type: StormType;
}

/** The request that a signal has now. */
export interface Placed {
  readonly name: string;
  readonly namespace: string;
  /**
   * `created`: this call created the request; `duplicate`: the signal had it before; `aggregated`: it is
   * the request of a storm that others had created.
   */
  readonly outcome: 'created' | 'duplicate' | 'aggregated';
  /** Where it is the request of a storm. */
  readonly storm: StormRef | undefined;
}

/** Where a list goes on: after this request. */
export interface RequestPosition {
  readonly receivedAt: Date;
  readonly name: string;
}

/** Which requests are listed, newest first. */
export interface RequestFilter {
  readonly phase: OverallPhase | undefined;
  readonly signalName: string | undefined;
  readonly after: RequestPosition | undefined;
  readonly limit: number;
}

/**
 * Where remediation requests are kept. It decides that an active signal has exactly one, however
 * many gateways call it at once and however often: the reservation in Redis only keeps them apart as
 * a rule. A driver whose store says "already exists" answers a duplicate; it tries conflicts again.
 *
 * Every method throws what becomes a 503 where the store is away, and nothing has happened then: an
 * error of the database that `isDatabaseUnavailable` knows, or ApiError SERVICE_UNAVAILABLE.
 */
export interface RemediationSink {
  /**
   * Counts one more delivery of a signal; undefined where it has no active request. Where it has begun
   * anew meanwhile, because its end was lost, the request is about that: an earlier end that comes late
   * does not close it.
   */
  repeat(firing: Firing, at: Date): Promise<Placed | undefined>;
  /** Gives a signal a request of its own, unless it has an active one. */
  open(draft: Draft): Promise<Placed>;
  /** Puts a signal into the request of its storm, unless it has an active request already. */
  aggregate(draft: Draft, storm: StormRef): Promise<Placed>;
  /**
   * A signal no longer fires: closes its request, and that of a storm with its last signal. What
   * began after `endedAt` stays. Returns the request; undefined where the signal had none.
   */
  close(fingerprint: string, endedAt: Date, at: Date): Promise<Placed | undefined>;
  find(name: string): Promise<RemediationRequest | undefined>;
  list(filter: RequestFilter): Promise<RemediationRequest[]>;
  /**
   * Removes requests that were closed before a time, `maxCount` at most; returns how many. Also
   * mends what a gateway has left that ended in the middle. Safe beside other gateways.
   */
  purge(closedBefore: Date, maxCount: number): Promise<number>;
  /** Resolves when the store answers. */
  check(): Promise<void>;
}

/** Requests for signals without a namespace are in this one. */
export const fallbackNamespace = 'default';
