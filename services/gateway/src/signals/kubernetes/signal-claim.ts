import { z } from 'zod';
import { resourceText } from '../signal.ts';
import type { Draft } from '../sink.ts';
import type { Resource } from './custom-objects.ts';
import { ObjectMetadata } from './object-metadata.ts';
import { timeText } from './time-text.ts';

/** The request of a signal; named by the signal's fingerprint, so it is unique. */
export const SignalClaim = z.object({
  metadata: ObjectMetadata,
  spec: z.object({
    requestName: z.string(),
    /** The signal's previous request of its own. */
    previousRequestName: z.string().exactOptional(),
    resource: z.string(),
    firingTime: z.string(),
    /** The membership in a storm; absent if the signal has a request of its own. */
    membership: z.enum(['Open', 'Closed']).exactOptional(),
  }),
});
export type SignalClaim = z.infer<typeof SignalClaim>;

export const signalClaims: Resource<SignalClaim> = {
  plural: 'signalclaims',
  kind: 'SignalClaim',
  schema: SignalClaim,
};

/** The spec of a claim; `null` removes a field of the previous one. */
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
