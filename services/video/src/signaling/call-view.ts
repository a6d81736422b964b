import type { PartEndReason } from '@secureconnect/contracts';
import { type CallRecord, isLive, type Participant, stateOf, takesPart } from '../calls/call.ts';
import { returnSeconds } from '../stores/call-sockets.ts';

/** What a socket has been told of its call. */
export interface CallView {
  readonly hostId: string;
  readonly isLocked: boolean;
  readonly peers: ReadonlyMap<string, PeerView>;
}

interface PeerView {
  /** When the peer joined; undefined while they are not in the call. */
  readonly joinedMs: number | undefined;
  readonly isLost: boolean;
  /** When the peer last came back. */
  readonly returnedMs: number | undefined;
}

/** What a socket knows that opens now: who is in the call, but not who has no socket. */
export function viewAtOpening(call: CallRecord): CallView {
  const { hostId, isLocked, peers } = viewOf(call);
  const all = [...peers].map(([userId, peer]) => [userId, { ...peer, isLost: false }] as const);
  return { hostId, isLocked, peers: new Map(all) };
}

export function viewOf({ hostId, isLocked, participants }: CallRecord): CallView {
  const peers = participants.map(
    ({ userId, state, joinedAt, lostAt, returnedAt }) =>
      [
        userId,
        {
          joinedMs: state === 'joined' ? (joinedAt?.getTime() ?? 0) : undefined,
          isLost: state === 'joined' && lostAt !== undefined,
          returnedMs: returnedAt?.getTime(),
        },
      ] as const,
  );
  return { hostId, isLocked, peers: new Map(peers) };
}

/** The frames that tell a socket of `userId` what has changed since `known`, in order. */
export function newsOf(known: CallView, call: CallRecord, userId: string, at: Date): object[] {
  const now = viewOf(call);
  const frame = (type: string, from: string | undefined, data: object): object => ({
    ...{ type, call_id: call.callId, ...(from === undefined ? {} : { from }) },
    ...{ at: at.toISOString(), data },
  });
  const news: object[] = [];
  for (const [peerId, before] of known.peers) {
    if (peerId === userId || now.peers.has(peerId) || before.joinedMs === undefined) continue;
    news.push(frame('leave', peerId, {}));
  }
  for (const peer of call.participants) {
    if (peer.userId === userId) continue;
    for (const { type, data } of newsOfPeer(known.peers.get(peer.userId), peer, now)) {
      news.push(frame(type, peer.userId, data));
    }
  }
  if (known.hostId !== now.hostId || known.isLocked !== now.isLocked) {
    const data = { host_id: now.hostId, locked: now.isLocked };
    news.push(frame('call_changed', undefined, data));
  }
  return news;
}

function newsOfPeer(
  before: PeerView | undefined,
  { userId, lostAt }: Participant,
  { peers }: CallView,
): { readonly type: string; readonly data: object }[] {
  const after = peers.get(userId);
  const news: { type: string; data: object }[] = [];
  const hasRejoined = before?.joinedMs !== after?.joinedMs;
  if (hasRejoined && before?.joinedMs !== undefined) news.push({ type: 'leave', data: {} });
  if (hasRejoined && after?.joinedMs !== undefined) news.push({ type: 'join', data: {} });
  const wasLost = !hasRejoined && before?.isLost === true;
  if (!wasLost && after?.isLost === true && lostAt !== undefined) {
    const until = new Date(lostAt.getTime() + returnSeconds * 1000);
    news.push({ type: 'peer_left', data: { may_return_until: until.toISOString() } });
  }
  // A loss that nobody saw, as when an instance was killed, is told too: frames may be lost.
  const isBack = wasLost || (!hasRejoined && before?.returnedMs !== after?.returnedMs);
  if (isBack && after?.joinedMs !== undefined && !after.isLost) {
    news.push({ type: 'peer_back', data: {} });
  }
  return news;
}

/** The last frame of a socket whose user's part is over; undefined while it is not. */
export function endOf(
  call: CallRecord | undefined,
  callId: string,
  userId: string,
  at: Date,
): object | undefined {
  if (call !== undefined && takesPart(call, userId)) return undefined;
  const data = { reason: reasonOf(call, userId), state: (call && stateOf(call, userId)) ?? 'left' };
  return { type: 'call_ended', call_id: callId, at: at.toISOString(), data };
}

/** A part that ended before the call has its own reason. */
function reasonOf(call: CallRecord | undefined, userId: string): PartEndReason {
  const part = call?.participants.find((participant) => participant.userId === userId);
  const ofCall = call === undefined || isLive(call) ? undefined : call.endReason;
  // Parts of calls of earlier versions have no reason.
  return part?.endReason ?? ofCall ?? 'removed';
}
