import { stormFingerprintOf } from '../fingerprint.ts';
import type { Draft, StormRef } from '../sink.ts';
import { activeOrNew, findActive, isActive, previousOf } from './active-request.ts';
import { ensureListed, join } from './change-request.ts';
import { closeStormIfOver } from './close-request.ts';
import type { RequestObject } from './request-object.ts';
import { claimSpec, type SignalClaim } from './signal-claim.ts';
import type { SinkParts } from './sink-parts.ts';

export type Aggregated =
  /** `isNew`: this call created the storm's request. */
  | { readonly kind: 'joined'; readonly request: RequestObject; readonly isNew: boolean }
  /** The signal already has an active request, its own or a storm's. */
  | { readonly kind: 'known'; readonly request: RequestObject }
  /** A request of its own is about to be created for the signal. */
  | { readonly kind: 'own' };

/** Adds a signal to the request of its storm, which is created if it is missing. */
export async function aggregate(
  parts: SinkParts,
  draft: Draft,
  storm: StormRef,
): Promise<Aggregated> {
  const fingerprint = stormFingerprintOf(draft.signal.name, storm.id);
  let isNew = false;
  return parts.settled(async () => {
    const wanted = { fingerprint, draft, storm };
    const known = await findActive(parts, fingerprint);
    const active = known ? { ...known, isNew: false } : await activeOrNew(parts, wanted);
    isNew ||= active.isNew;
    const { request } = active;
    const { name } = request.metadata;
    const claimed = await claimFor(parts, draft, name);
    if (claimed === undefined) return undefined;
    if (!('claim' in claimed)) {
      if (isNew) await closeStormIfOver(parts, name, draft.receivedAt);
      return claimed;
    }
    const { claim, isOurs } = claimed;
    const isListed = await (isOurs ? join : ensureListed)(parts, request, claim);
    // Otherwise the storm ended meanwhile, and the next attempt moves the claim.
    return isListed ? { kind: 'joined', request, isNew } : undefined;
  });
}

/** A signal's claim on a storm; `isOurs`: this call created it. */
interface Claimed {
  readonly claim: SignalClaim;
  readonly isOurs: boolean;
}

/** Claims a signal for a storm; undefined if a different gateway was faster. */
async function claimFor(
  { claims, requests }: SinkParts,
  draft: Draft,
  stormName: string,
): Promise<Exclude<Aggregated, { kind: 'joined' }> | Claimed | undefined> {
  const { fingerprint } = draft.signal;
  const membership = 'Open';
  const fresh = { spec: claimSpec(draft, stormName, { membership }) };
  const made = await claims.create(fingerprint, fresh);
  if (made !== undefined) return { claim: made, isOurs: true };
  const claim = await claims.get(fingerprint);
  if (claim === undefined) return undefined;
  const request = await requests.get(claim.spec.requestName);
  if (request === undefined && claim.spec.membership === undefined) return { kind: 'own' };
  if (request !== undefined && isActive(claim, request)) {
    // A different delivery of the signal is joining, or was interrupted while joining.
    const isHere = request.metadata.name === stormName;
    return isHere ? { claim, isOurs: false } : { kind: 'known', request };
  }
  const spec = claimSpec(draft, stormName, { membership, previousRequestName: previousOf(claim) });
  const moved = await claims.patch(claim, { spec });
  return moved && { claim: moved, isOurs: true };
}
