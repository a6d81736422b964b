import type { AppCallRecord, Span } from '../history.ts';
import { coveredMs, starvedSpansOf } from '../outages.ts';
import type { Invariant } from './invariant.ts';

/**
 * A call rings for 30 s, its end is decided within 2 s, and told within 2 s; a device that was
 * disconnected meanwhile asks 5 s later. What the machine itself had no time for comes on top.
 */
const maxRingingMs = 45_000;

/** What an app on packages/client is told of calls, whatever happens to its sockets and pages. */
export const applicationCalls: Invariant = {
  name: 'an app on the client is told of the end of each call exactly once, and none rings for ever',
  judge(history) {
    const { appCalls } = history;
    const starved = starvedSpansOf(history);
    const answered = appCalls.filter(({ wasAnswered }) => wasAnswered).length;
    const seen = `${appCalls.length} calls told to apps, ${answered} of them answered`;
    const broken = appCalls.flatMap((call) => toldWrongly(call, starved));
    return { broken, judged: appCalls.length, seen };
  },
};

function toldWrongly(
  { user, callId, toldMs, wasAnswered, ends }: AppCallRecord,
  starved: readonly Span[],
): string[] {
  const [end] = ends;
  if (end === undefined) return [`${user} was not told the end of call ${callId}`];
  const reasons = ends.map(({ reason }) => reason).join(', ');
  if (ends.length > 1)
    return [`${user} was told ${ends.length} ends of call ${callId}: ${reasons}`];
  const rangMs = end.atMs - toldMs - coveredMs(starved, toldMs, end.atMs);
  if (wasAnswered || rangMs <= maxRingingMs) return [];
  return [`call ${callId} rang for ${Math.round(rangMs / 1000)} s at ${user}`];
}
