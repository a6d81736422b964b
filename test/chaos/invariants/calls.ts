import type { History, Operation, SocketRecord, StoredPart } from '../history.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

/** Frames are read from SQL within 2 s, and a frame takes a moment. */
const latestMs = 4000;
const endings: ReadonlySet<string> = new Set(['end call', 'decline call', 'cancel call']);

/**
 * What SQL says in the end, and what each device was told: nothing twice, nothing after the end of a
 * call, and each end that was acknowledged, where the device was connected all the time.
 */
export const calls: Invariant = {
  name: 'no call rings or lasts for ever, and every device is told of each end exactly once',
  judge(history) {
    const broken = [
      ...history.parts.flatMap(wronglyStored),
      ...history.sockets.flatMap(toldTwice),
      ...missedEnds(history).map(
        ({ socket, ended }) => `socket ${socket.id} (${socket.instance}) missed ${inWords(ended)}`,
      ),
    ];
    const told = history.sockets.reduce((sum, { heardOfCalls }) => sum + heardOfCalls.length, 0);
    const due = dueEnds(history).length;
    const count = new Set(history.parts.map(({ callId }) => callId)).size;
    return {
      broken,
      judged: count,
      seen: `${count} calls, ${told} frames to devices, ${due} ends due`,
    };
  },
};

/** Whether the end of a call is on its way yet: then the sockets should stay a little longer. */
export function isEndDue(history: History): boolean {
  return missedEnds(history).length > 0;
}

function wronglyStored({ callId, userId, status, state, ends }: StoredPart): string[] {
  if (status === 'ringing') return [`call ${callId} still rings`];
  if (status === 'active') return [`call ${callId} is still active`];
  if (state === 'joined' || state === 'ringing') {
    return [`${userId} is still ${state} in call ${callId}, which is over`];
  }
  return ends === 1 ? [] : [`${ends} ends of call ${callId} for ${userId}`];
}

function toldTwice({ id, heardOfCalls }: SocketRecord): string[] {
  const ofCalls = Map.groupBy(heardOfCalls, ({ callId }) => callId);
  return [...ofCalls].flatMap(([callId, frames]) => {
    const kinds = frames.map(({ type, from }) => `${type} ${from ?? ''}`);
    const twice = new Set(kinds).size < kinds.length;
    const end = frames.findIndex(({ type }) => type === 'call_ended');
    const late = end >= 0 && end < frames.length - 1;
    return [
      ...(twice ? [`socket ${id} was told twice of call ${callId}: ${kinds.join(', ')}`] : []),
      ...(late ? [`socket ${id} was told of call ${callId} after its end`] : []),
    ];
  });
}

interface DueEnd {
  readonly socket: SocketRecord;
  readonly ended: Operation;
}

/** The ends that devices must hear of: those that were open from before the end until it was told. */
function dueEnds({ operations, sockets }: History): DueEnd[] {
  return operations
    .filter(isEnd)
    .flatMap((ended) =>
      sockets
        .filter(
          ({ user, isDevice, openedMs, closedMs = Number.POSITIVE_INFINITY }) =>
            isDevice === true &&
            ended.facts.callUsers?.includes(user) === true &&
            openedMs < ended.startMs &&
            closedMs > ended.endMs + latestMs,
        )
        .map((socket) => ({ socket, ended })),
    );
}

function missedEnds(history: History): DueEnd[] {
  return dueEnds(history).filter(
    ({ socket, ended }) =>
      !socket.heardOfCalls.some(
        ({ type, callId }) => type === 'call_ended' && callId === ended.facts.callId,
      ),
  );
}

function isEnd({ name, status, facts }: Operation): boolean {
  return endings.has(name) && status === 200 && facts.callId !== undefined;
}
