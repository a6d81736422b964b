import { randomUUID } from 'node:crypto';
import { requestName } from '../fingerprint.ts';
import type { Draft, StormRef } from '../sink.ts';
import { isPending, type RequestObject, requestContent } from './request-object.ts';
import { claimSpec, type SignalClaim } from './signal-claim.ts';
import type { SinkParts } from './sink-parts.ts';

/** A signal, or a storm, that needs a request of its own. */
export interface Wanted {
  readonly fingerprint: string;
  readonly draft: Draft;
  readonly storm: StormRef | undefined;
}

/** The active request of a fingerprint. */
export interface Active {
  readonly claim: SignalClaim;
  readonly request: RequestObject;
}

/** Whether a claim's signal is active: its request is pending and the signal has not left it. */
export function isActive(claim: SignalClaim, request: RequestObject): boolean {
  return isPending(request) && claim.spec.membership !== 'Closed';
}

/** Finds the active request of a fingerprint, which may be a storm's. */
export async function findActive(
  { claims, requests }: SinkParts,
  fingerprint: string,
): Promise<Active | undefined> {
  const claim = await claims.get(fingerprint);
  const request = claim && (await requests.get(claim.spec.requestName));
  if (claim === undefined || request === undefined) return undefined;
  return isActive(claim, request) ? { claim, request } : undefined;
}

/**
 * Finds or creates the active request of a fingerprint. The claim is created or moved first, which
 * the API server lets only one gateway do. A gateway that finds a claim without its request creates
 * the request under the claim's name, so an interruption never leads to a second request.
 */
export function activeOrNew(
  parts: SinkParts,
  wanted: Wanted,
): Promise<Active & { readonly isNew: boolean }> {
  const { claims, requests, settled } = parts;
  const { fingerprint, draft } = wanted;
  return settled(async () => {
    const nextName = requestName(fingerprint, randomUUID());
    const fresh = await claims.create(fingerprint, { spec: claimSpec(draft, nextName) });
    if (fresh !== undefined) return make(parts, wanted, fresh);
    const claim = await claims.get(fingerprint);
    // The claim was just removed with an old request.
    if (claim === undefined) return undefined;
    const request = await requests.get(claim.spec.requestName);
    if (request !== undefined && isActive(claim, request)) return { claim, request, isNew: false };
    // The request is about to be created, or its creator has died.
    if (request === undefined && claim.spec.membership === undefined) {
      return make(parts, wanted, claim);
    }
    const previousRequestName = previousOf(claim);
    const spec = claimSpec(draft, nextName, { previousRequestName });
    const moved = await claims.patch(claim, { spec });
    return moved && make(parts, wanted, moved);
  });
}

/** The signal's previous request, for a claim that moves to the next one. */
export function previousOf({ spec }: SignalClaim): string | undefined {
  return spec.membership === undefined ? spec.requestName : spec.previousRequestName;
}

/** Creates the request that a claim names; undefined if a different gateway was faster. */
async function make({ requests }: SinkParts, wanted: Wanted, claim: SignalClaim) {
  const { requestName: name, previousRequestName } = claim.spec;
  const request = await requests.create(name, requestContent({ ...wanted, previousRequestName }));
  return request && { claim, request, isNew: true };
}
