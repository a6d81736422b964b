import { z } from 'zod';
import { resourceText } from '../signal.ts';
import type { Draft } from '../sink.ts';
import type { Resource } from './custom-objects.ts';
import { ObjectMetadata } from './object-metadata.ts';
import { timeText } from './time-text.ts';

/** Which request a signal has; named by the signal's fingerprint, so there is one. */
export const SignalClaim = z.object({
  metadata: ObjectMetadata,
  spec: z.object({
    requestName: z.string(),
    /** The last request that the signal had of its own. */
    previousRequestName: z.string().exactOptional(),
    resource: z.string(),
    firingTime: z.string(),
    /** Of a signal in the request of a storm; absent where the request is its own. */
    membership: z.enum(['Open', 'Closed']).exactOptional(),
  }),
});
export type SignalClaim = z.infer<typeof SignalClaim>;

export const signalClaims: Resource<SignalClaim> = {
  plural: 'signalclaims',
  kind: 'SignalClaim',
  schema: SignalClaim,
};

/** What a claim says; `null` takes away what an earlier one has said. */
export function claimSpec(
  { signal }: Draft,
  requestName: string,
  more: { membership?: 'Open'; previousRequestName?: string | undefined } = {},
) {
  return {
    requestName,
    previousRequestName: more.previousRequestName ?? null,
    resource: resourceText(signal),
    firingTime: timeText(signal.firingAt),
    membership: more.membership ?? null,
  };
}
