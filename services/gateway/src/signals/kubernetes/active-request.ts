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

/** Whether a claim's signal is active: its request is pending, and it has not left that. */
export function isActive(claim: SignalClaim, request: RequestObject): boolean {
  return isPending(request) && claim.spec.membership !== 'Closed';
}

/** Finds the active request of a fingerprint, be it that of a storm. */
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
 * Finds the active request of a fingerprint, or makes one. The claim is made or moved first, which
 * the API server lets one do; whoever finds a claim whose request is missing makes that request,
 * under the name that the claim says. So nobody makes a second one, wherever somebody else stopped.
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
    // Removed with an old request in this moment.
    if (claim === undefined) return undefined;
    const request = await requests.get(claim.spec.requestName);
    if (request !== undefined && isActive(claim, request)) return { claim, request, isNew: false };
    // It is about to be made, or who would have made it is gone.
    if (request === undefined && claim.spec.membership === undefined) {
      return make(parts, wanted, claim);
    }
    const previousRequestName = previousOf(claim);
    const spec = claimSpec(draft, nextName, { previousRequestName });
    const moved = await claims.patch(claim, { spec });
    return moved && make(parts, wanted, moved);
  });
}

/** The last request that a signal had of its own, once its claim goes on to the next. */
export function previousOf({ spec }: SignalClaim): string | undefined {
  return spec.membership === undefined ? spec.requestName : spec.previousRequestName;
}

/** Makes the request that a claim names; undefined where somebody was quicker. */
async function make({ requests }: SinkParts, wanted: Wanted, claim: SignalClaim) {
  const { requestName: name, previousRequestName } = claim.spec;
  const request = await requests.create(name, requestContent({ ...wanted, previousRequestName }));
  return request && { claim, request, isNew: true };
}
