import type { History, Operation, SeenCall, StoredPart } from '../history.ts';
import type { Invariant } from './invariant.ts';
import { inWords, replyText } from './replies.ts';

const endings: ReadonlySet<string> = new Set(['end call', 'decline call', 'cancel call']);
const over: ReadonlySet<string> = new Set(['ended', 'declined', 'missed']);

/**
 * Each user's list of calls is compared with what is stored, and with what replies have said: a call
 * that was started is in it, and one whose end was acknowledged has ended so.
 */
export const callHistories: Invariant = {
  name: 'every participant’s history of calls has each call once, as it ended',
  judge(history) {
    const partsOfUser = Map.groupBy(history.parts, ({ userId }) => userId);
    const broken = [...history.callHistories].flatMap(([userId, seen]) => [
      ...unlikeStored(userId, seen, partsOfUser.get(userId) ?? []),
      ...unlikeReplies(userId, seen, history),
    ]);
    const entries = [...history.callHistories.values()].flat();
    const lost = entries.filter(({ endReason }) => endReason === 'connection_lost').length;
    const seen = `${history.callHistories.size} histories, ${entries.length} entries, ${lost} of lost calls`;
    return { broken, judged: entries.length, seen };
  },
};

function unlikeStored(
  userId: string,
  seen: readonly SeenCall[],
  parts: readonly StoredPart[],
): string[] {
  const entries = Map.groupBy(seen, ({ callId }) => callId);
  const known = new Set(parts.map(({ callId }) => callId));
  return [
    ...parts.flatMap(({ callId, status, state }) => {
      const own = entries.get(callId) ?? [];
      const [entry] = own;
      if (entry === undefined || own.length > 1) {
        return [`call ${callId} is ${own.length} times in the history of ${userId}`];
      }
      const isLike = entry.status === status && entry.state === state;
      return isLike ? [] : [`call ${callId} is ${entry.status}, ${entry.state} for ${userId}`];
    }),
    ...[...entries.keys()]
      .filter((callId) => !known.has(callId))
      .map((callId) => `${userId} has no part in call ${callId} of their history`),
  ];
}

function unlikeReplies(
  userId: string,
  seen: readonly SeenCall[],
  { operations, parts }: History,
): string[] {
  const own = new Set(parts.filter((part) => part.userId === userId).map(({ callId }) => callId));
  const entries = new Map(seen.map((entry) => [entry.callId, entry]));
  return operations.flatMap((operation) => {
    const callId = callOf(operation);
    if (callId === undefined) return [];
    // Of others' calls it says nothing; the caller has part in what was started.
    if (!own.has(callId) && operation.userId !== userId) return [];
    const entry = entries.get(callId);
    return entry !== undefined && agrees(operation, entry)
      ? []
      : [`the history of ${userId} is not as ${inWords(operation)}`];
  });
}

/** The call that an acknowledged operation has started or ended. */
function callOf(operation: Operation): string | undefined {
  const { name, status } = operation;
  const isStart = name === 'initiate call' && status === 201;
  const isEnd = endings.has(name) && status === 200;
  return isStart || isEnd ? replyText(operation, 'call_id') : undefined;
}

/** What a reply has said of a call that is over does not change. */
function agrees(operation: Operation, { status, endReason }: SeenCall): boolean {
  const said = replyText(operation, 'status');
  if (said === undefined || !over.has(said)) return true;
  return said === status && replyText(operation, 'end_reason') === endReason;
}
