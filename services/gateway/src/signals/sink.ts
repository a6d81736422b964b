import type { OverallPhase, RemediationRequest, StormType } from '@secureconnect/contracts';
import type { Signal } from './signal.ts';
import type { Triage } from './triage.ts';

/** A signal that needs a remediation request. */
export interface Draft {
  readonly signal: Signal;
  readonly triage: Triage;
  /** By this process's clock, which orders requests, because the sender's may be wrong. */
  readonly receivedAt: Date;
}

/** A repeated signal, and its start by that delivery. */
export type Firing = Pick<Signal, 'fingerprint' | 'firingAt'>;

/** The storm that a signal belongs to. */
export interface StormRef {
  readonly id: string;
  readonly type: StormType;
}

/** The current request of a signal. */
export interface Placed {
  readonly name: string;
  readonly namespace: string;
  /**
   * `created`: this call created the request; `duplicate`: the signal had it before; `aggregated`: it is
   * the request of a storm that others had created.
   */
  readonly outcome: 'created' | 'duplicate' | 'aggregated';
  /** The storm, if it is a storm's request. */
  readonly storm: StormRef | undefined;
}

/** The position of a page: after this request. */
export interface RequestPosition {
  readonly receivedAt: Date;
  readonly name: string;
}

/** The filter of a list, which is newest first. */
export interface RequestFilter {
  readonly phase: OverallPhase | undefined;
  readonly signalName: string | undefined;
  readonly after: RequestPosition | undefined;
  readonly limit: number;
}

/**
 * The store of remediation requests. It ensures that an active signal has exactly one, whatever the
 * number of concurrent calls: the reservation in Redis only reduces conflicts. If the request
 * exists, the outcome is `duplicate`; drivers retry conflicts.
 *
 * While the store is down, every method throws an error that becomes a 503, without any effect: a
 * database error that `isDatabaseUnavailable` knows, or RemediationStoreUnavailable.
 */
export interface RemediationSink {
  /**
   * Counts one more delivery of a signal; undefined if it has no active request. If the signal
   * fires again because its end was lost, the request covers the new firing: a late end of the
   * earlier one does not close it.
   */
  repeat(firing: Firing, at: Date): Promise<Placed | undefined>;
  /** Gives a signal a request of its own, unless it has an active one. */
  open(draft: Draft): Promise<Placed>;
  /** Adds a signal to the request of its storm, unless it already has an active request. */
  aggregate(draft: Draft, storm: StormRef): Promise<Placed>;
  /**
   * Closes the request of a signal that no longer fires, and a storm's request with its last
   * signal. A request that began after `endedAt` stays open. Returns the request; undefined if the
   * signal had none.
   */
  close(fingerprint: string, endedAt: Date, at: Date): Promise<Placed | undefined>;
  find(name: string): Promise<RemediationRequest | undefined>;
  list(filter: RequestFilter): Promise<RemediationRequest[]>;
  /**
   * Removes at most `maxCount` requests that were closed before a time; returns their number. Also
   * repairs leftovers of interrupted gateways. Safe to run concurrently.
   */
  purge(closedBefore: Date, maxCount: number): Promise<number>;
  /** Resolves when the store answers. */
  check(): Promise<void>;
}

/** The namespace of requests for signals without one. */
export const fallbackNamespace = 'default';
