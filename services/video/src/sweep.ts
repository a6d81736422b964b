import { type Logger, repeatEvery } from '@secureconnect/service';
import type { VideoContext } from './context.ts';
import { changeCall, overdueCallIds, partsThatAreOver } from './stores/calls.ts';

const intervalMs = 5000;
/** At most so many calls in one sweep; the next one goes on. */
const mostAtOnce = 200;

/**
 * Ends what has rung too long, and closes the sockets here of those whose part in a call is over,
 * whichever instance ended it. Idempotent, and safe beside other instances: SQL decides.
 */
async function sweep({ database, signaling }: Swept): Promise<void> {
  for (const callId of await overdueCallIds(database, mostAtOnce)) {
    await changeCall(database, callId, (call) => call);
  }
  const seats = signaling.seats();
  if (seats.length === 0) return;
  for (const { callId, userId } of await partsThatAreOver(database, seats)) {
    signaling.close(callId, userId);
  }
}

type Swept = Pick<VideoContext, 'database' | 'signaling'>;

/** Sweeps every five seconds; returns what stops it. */
export function startSweeping(context: Swept, log: Logger): () => Promise<void> {
  return repeatEvery({ intervalMs, what: 'the sweep', log, run: () => sweep(context) });
}
