import type { History, Operation, SocketRecord, Span } from '../history.ts';
import { outagesOf, overlaps } from '../outages.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';
import { type SentMessage, sentMessages } from './sent-messages.ts';

/** Within an instance, and over the bus, a message is on its way no longer than this. */
const promptMs = 2000;
/**
 * Out of the store it takes longer: where only its sender's instance had lost Redis, the others read
 * the store as rarely as in normal operation.
 */
export const latestMs = 15_000;

/**
 * Each socket hears a message at most once, and for certain where it was open all the time: at the
 * instance that took the message and, normally, everywhere at once; while Redis is away at the
 * other instances as soon as these have read it out of the store.
 */
export const deliveries: Invariant = {
  name: 'an acknowledged message reaches every socket of its conversation exactly once',
  judge(history) {
    const broken = history.sockets.flatMap(heardTwice);
    broken.push(...echoes(history));
    const { due, missed } = judgeDue(history);
    for (const { socket, acknowledged } of missed) {
      broken.push(`socket ${socket.id} (${socket.instance}) missed ${inWords(acknowledged)}`);
    }
    const heard = history.sockets.reduce((sum, socket) => sum + socket.heard.length, 0);
    return {
      broken,
      judged: due,
      seen: `${heard} deliveries to ${history.sockets.length} sockets, ${due} due`,
    };
  },
};

/** Whether something is on its way yet that is due: then the sockets should stay a little longer. */
export function isSomethingDue(history: History): boolean {
  return judgeDue(history).missed.length > 0;
}

interface Due {
  readonly due: number;
  readonly missed: readonly {
    readonly socket: SocketRecord;
    readonly acknowledged: Operation;
  }[];
}

function judgeDue(history: History): Due {
  const unusual = [...outagesOf(history), ...history.restarts];
  const heardBy = new Map(
    history.sockets.map((socket) => [socket, new Set(socket.heard.map((one) => one.messageId))]),
  );
  const pairs = sentMessages(history).flatMap((message) =>
    message.acknowledged.flatMap((acknowledged) =>
      mustHear(message, acknowledged, history, unusual).map((socket) => ({
        ...{ socket, acknowledged, message },
      })),
    ),
  );
  return {
    due: pairs.length,
    missed: pairs.filter(({ socket, message }) =>
      [...message.messageIds].every((id) => heardBy.get(socket)?.has(id) !== true),
    ),
  };
}

function heardTwice({ id, heard }: SocketRecord): string[] {
  return [...Map.groupBy(heard, ({ messageId }) => messageId)]
    .filter(([, times]) => times.length > 1)
    .map(([messageId, times]) => `socket ${id} heard ${messageId} ${times.length} times`);
}

/** Who said something over a socket has its answer there, and hears no echo. */
function echoes(history: History): string[] {
  const sockets = new Map(history.sockets.map((socket) => [socket.id, socket]));
  return sentMessages(history).flatMap(({ attempts, messageIds }) => {
    const [only, ...others] = new Set(attempts.map(({ facts }) => facts.socketId));
    if (only === undefined || others.length > 0) return [];
    const heard = sockets.get(only)?.heard.find(({ messageId }) => messageIds.has(messageId));
    return heard === undefined ? [] : [`socket ${only} heard ${heard.messageId}, which it said`];
  });
}

function mustHear(
  { attempts, conversationId }: SentMessage,
  acknowledged: Operation,
  { sockets }: History,
  unusual: readonly Span[],
): SocketRecord[] {
  const firstMs = Math.min(...attempts.map(({ startMs }) => startMs));
  const promptUntilMs = acknowledged.endMs + promptMs;
  const normal = !overlaps(unusual, firstMs, promptUntilMs);
  const speaking = new Set(attempts.map(({ facts }) => facts.socketId));
  const untilMs = (instance: string): number =>
    normal || instance === acknowledged.instance ? promptUntilMs : acknowledged.endMs + latestMs;
  return sockets.filter(
    ({ id, instance, openedMs, closedMs = Number.POSITIVE_INFINITY, conversationIds }) =>
      conversationIds.includes(conversationId) &&
      openedMs < firstMs &&
      !speaking.has(id) &&
      instance !== undefined &&
      closedMs > untilMs(instance),
  );
}
