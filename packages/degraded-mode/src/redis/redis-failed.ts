import { PortCallTookTooLong } from '../call-limit.ts';
import type { Classify } from '../failure.ts';
import { DegradedRefusal } from '../refusal.ts';

/**
 * Creates the predicate of a client: whether an error came from Redis being unavailable, be it of a
 * command, of its connection, or the refusal of a port. A mistake of the caller is none.
 */
export function createRedisFailed(classify: Classify): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof DegradedRefusal || error instanceof PortCallTookTooLong) return true;
    const failure = classify(error);
    return failure !== undefined && failure.severity !== 'bug';
  };
}
