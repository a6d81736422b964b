import type { History, SocketRecord } from '../history.ts';
import { latestMs } from './deliveries.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';
import { type SentMessage, sentMessages } from './sent-messages.ts';

/**
 * A user whose every socket has resumed where the one before ended has heard every message of
 * others, whenever it was said between the first of these sockets and the last.
 */
export const resumptions: Invariant = {
  name: 'clients that reconnect and resume miss nothing',
  judge(history) {
    const messages = sentMessages(history);
    const broken: string[] = [];
    let due = 0;
    let chains = 0;
    for (const chain of chainsOf(history)) {
      if (chain.length > 1) chains += 1;
      const heard = new Set(chain.flatMap((socket) => socket.heard.map((one) => one.messageId)));
      for (const message of messages.filter((one) => isOwed(one, chain))) {
        due += 1;
        if ([...message.messageIds].some((id) => heard.has(id))) continue;
        const [acknowledged] = message.acknowledged;
        broken.push(`${chain[0]?.user} missed ${acknowledged && inWords(acknowledged)}`);
      }
    }
    return { broken, judged: due, seen: `${chains} users came back, ${due} messages due to them` };
  },
};

/** The sockets of each user, as long as each was resumed from the one before. */
function chainsOf({ sockets }: History): SocketRecord[][] {
  const byUser = Map.groupBy(sockets, ({ user }) => user);
  return [...byUser.values()].flatMap((own) => {
    const chains: SocketRecord[][] = [];
    for (const socket of own) {
      if (socket.resumed === 'complete') chains.at(-1)?.push(socket);
      else chains.push([socket]);
    }
    return chains.filter((chain) => chain.length > 1);
  });
}

function isOwed(
  { conversationId, attempts, acknowledged }: SentMessage,
  chain: readonly SocketRecord[],
): boolean {
  const [first, last] = [chain[0], chain.at(-1)];
  if (first === undefined || last === undefined) return false;
  const { closedMs = Number.POSITIVE_INFINITY } = last;
  return (
    first.conversationIds.includes(conversationId) &&
    attempts.every(({ user, startMs }) => user !== first.user && startMs > first.openedMs) &&
    acknowledged.every(({ endMs }) => endMs + latestMs < closedMs)
  );
}
