import { type BucketCount, isLive, type Window } from './window.ts';

/** What Redis said about one bucket of a key. */
export interface SharedCount {
  readonly bucket: number;
  /** Granted through Redis, by whichever instance. */
  readonly shared: number;
  /** Granted by instances on their own and handed over since. */
  readonly handedOver: number;
}

/** Grants of this process alone in one bucket; a total, so telling it twice changes nothing. */
export interface OwnGrants {
  readonly bucket: number;
  readonly granted: number;
}

interface Slot {
  readonly bucket: number;
  shared: number;
  handedOver: number;
  /** Granted here without Redis. */
  own: number;
  /** How much of `own` Redis knows about, and `handedOver` contains. */
  ownHandedOver: number;
}

/** What one process knows about the spending of one key: a handful of buckets. */
export class Spending {
  #slots: Slot[] = [];

  /** Forgets the buckets that no longer count. */
  prune(window: Window, current: number): void {
    const expired = this.#slots.some((slot) => !isLive(window, slot.bucket, current));
    if (expired) this.#slots = this.#slots.filter((slot) => isLive(window, slot.bucket, current));
  }

  /**
   * The counts by which the local limiter judges: what all instances were known to have spent, and
   * for each grant made here without Redis as many as there are `instances`, because the others
   * grant likewise.
   */
  counts(instances: number): BucketCount[] {
    return this.#slots.map(({ bucket, shared, handedOver, own, ownHandedOver }) => ({
      bucket,
      spent: shared + handedOver + (own - ownHandedOver) * instances,
    }));
  }

  /** Counts a grant made here without Redis. */
  grant(bucket: number): void {
    this.#slot(bucket).own += 1;
  }

  /** Takes over what Redis just said. Buckets that it did not name are empty there. */
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

  /** Redis has acknowledged these grants, and `note` will show them, or has. */
  acknowledged(grants: readonly OwnGrants[]): void {
    for (const { bucket, granted } of grants) {
      const slot = this.#slots.find((candidate) => candidate.bucket === bucket);
      if (slot === undefined || granted <= slot.ownHandedOver) continue;
      slot.handedOver += granted - slot.ownHandedOver;
      slot.ownHandedOver = granted;
    }
  }

  /** Everything that a Redis without its data must be told. */
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
