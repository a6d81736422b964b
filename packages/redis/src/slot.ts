import calculateSlot from 'cluster-key-slot';

/** The slot of a key or of a sharded channel in a cluster, from 0 to 16,383. */
export function slotOf(name: string): number {
  return calculateSlot(name);
}
