import { type BucketCount, isLive, type Window } from './window.ts';

/** The counts of one bucket of a key from Redis. */
export interface SharedCount {
  readonly bucket: number;
  /** Grants of all instances through Redis. */
  readonly shared: number;
  /** Local grants of all instances that were handed over. */
  readonly handedOver: number;
}

/** This process's own grants in one bucket; a total, so that the hand-over is idempotent. */
export interface OwnGrants {
  readonly bucket: number;
  readonly granted: number;
}

interface Slot {
  readonly bucket: number;
  shared: number;
  handedOver: number;
  /** Local grants while Redis was down. */
  own: number;
  /** The part of `own` that Redis knows and that `handedOver` includes. */
  ownHandedOver: number;
}

/** One process's knowledge of the spending of one key: a handful of buckets. */
export class Spending {
  #slots: Slot[] = [];

  /** Drops expired buckets. */
  prune(window: Window, current: number): void {
    const expired = this.#slots.some((slot) => !isLive(window, slot.bucket, current));
    if (expired) this.#slots = this.#slots.filter((slot) => isLive(window, slot.bucket, current));
  }

  /**
   * The counts for the local limiter: the known spending of all instances, plus each local grant
   * times `instances`, because the others grant likewise.
   */
  counts(instances: number): BucketCount[] {
    return this.#slots.map(({ bucket, shared, handedOver, own, ownHandedOver }) => ({
      bucket,
      spent: shared + handedOver + (own - ownHandedOver) * instances,
    }));
  }

  /** Counts a local grant. */
  grant(bucket: number): void {
    this.#slot(bucket).own += 1;
  }

  /** Stores the counts from Redis. Buckets missing there are empty. */
  note(counts: readonly SharedCount[]): void {
    for (const slot of this.#slots) {
      slot.shared = 0;
      slot.handedOver = 0;
    }
    for (const { bucket, shared, handedOver } of counts) {
      const slot = this.#slot(bucket);
      slot.shared = shared;
      slot.handedOver = handedOver;
    }
  }

  /** The grants that Redis does not know about yet. */
  unknownToRedis(): OwnGrants[] {
    return this.#slots
      .filter(({ own, ownHandedOver }) => own > ownHandedOver)
      .map(({ bucket, own }) => ({ bucket, granted: own }));
  }

  /** Redis has acknowledged these grants; `note` will include them, or already has. */
  acknowledged(grants: readonly OwnGrants[]): void {
    for (const { bucket, granted } of grants) {
      const slot = this.#slots.find((candidate) => candidate.bucket === bucket);
      if (slot === undefined || granted <= slot.ownHandedOver) continue;
      slot.handedOver += granted - slot.ownHandedOver;
      slot.ownHandedOver = granted;
    }
  }

  /** All counts, for a Redis that has lost its data. */
  witnessed(): { bucket: number; shared: number; own: number }[] {
    return this.#slots.map(({ bucket, shared, own }) => ({ bucket, shared, own }));
  }

  #slot(bucket: number): Slot {
    const known = this.#slots.find((slot) => slot.bucket === bucket);
    if (known !== undefined) return known;
    const slot = { bucket, shared: 0, handedOver: 0, own: 0, ownHandedOver: 0 };
    this.#slots.push(slot);
    return slot;
  }
}
