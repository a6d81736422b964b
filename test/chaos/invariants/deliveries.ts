import type { History, Operation, SocketRecord, Span } from '../history.ts';
import { outagesOf, overlaps } from '../outages.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';
import { type SentMessage, sentMessages } from './sent-messages.ts';

/** A message is on its way to a socket no longer than this. */
const longestMs = 2000;

/**
 * Each socket hears a message at most once. It hears it for certain where it was open all the time,
 * and either at the instance that took the message, or at another while Redis was as usual: pub/sub
 * is what carries messages between instances, and no more is promised without it than history.
 */
export const deliveries: Invariant = {
  name: 'a message is delivered at most once to a socket, and surely on its own instance',
  judge(history) {
    const broken = history.sockets.flatMap(heardTwice);
    const unusual = [...outagesOf(history), ...history.restarts];
    let due = 0;
    for (const message of sentMessages(history)) {
      for (const acknowledged of message.acknowledged) {
        const sockets = mustHear(message, acknowledged, history, unusual);
        due += sockets.length;
        for (const socket of sockets.filter((one) => !hasHeard(one, message))) {
          broken.push(`socket ${socket.id} (${socket.instance}) missed ${inWords(acknowledged)}`);
        }
      }
    }
    const heard = history.sockets.reduce((sum, socket) => sum + socket.heard.length, 0);
    return { broken, seen: `${heard} deliveries to ${history.sockets.length} sockets, ${due} due` };
  },
};

function heardTwice({ id, heard }: SocketRecord): string[] {
  return [...Map.groupBy(heard, ({ messageId }) => messageId)]
    .filter(([, times]) => times.length > 1)
    .map(([messageId, times]) => `socket ${id} heard ${messageId} ${times.length} times`);
}

function mustHear(
  { attempts, conversationId }: SentMessage,
  acknowledged: Operation,
  { sockets }: History,
  unusual: readonly Span[],
): SocketRecord[] {
  const firstMs = Math.min(...attempts.map(({ startMs }) => startMs));
  const untilMs = acknowledged.endMs + longestMs;
  const asUsual = !overlaps(unusual, firstMs, untilMs);
  const speaking = new Set(attempts.map(({ facts }) => facts.socketId));
  return sockets.filter(
    ({ id, instance, openedMs, closedMs = Number.POSITIVE_INFINITY, conversationIds }) =>
      conversationIds.includes(conversationId) &&
      openedMs < firstMs &&
      closedMs > untilMs &&
      !speaking.has(id) &&
      instance !== undefined &&
      (asUsual || instance === acknowledged.instance),
  );
}

function hasHeard({ heard }: SocketRecord, { messageIds }: SentMessage): boolean {
  return heard.some(({ messageId }) => messageIds.has(messageId));
}
