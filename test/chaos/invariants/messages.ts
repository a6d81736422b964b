import type { Invariant } from './invariant.ts';
import { sentMessages } from './sent-messages.ts';

/** By its id, and by its sender's own id however often that was sent. */
export const messages: Invariant = {
  name: 'every acknowledged message is in history exactly once',
  judge(history) {
    const broken: string[] = [];
    const sent = sentMessages(history);
    for (const { conversationId, clientMessageId, messageIds } of sent) {
      const stored = history.stored.get(conversationId) ?? [];
      if (messageIds.size !== 1) {
        broken.push(`${clientMessageId} was acknowledged as ${[...messageIds].join(' and ')}`);
      }
      for (const messageId of messageIds) {
        const times = stored.filter((one) => one.messageId === messageId).length;
        if (times !== 1) broken.push(`message ${messageId} is ${times} times in ${conversationId}`);
      }
    }
    for (const [conversationId, stored] of history.stored) {
      const named = stored.filter(({ clientMessageId }) => clientMessageId !== undefined);
      for (const [id, same] of Map.groupBy(named, ({ clientMessageId }) => clientMessageId)) {
        if (same.length > 1) broken.push(`${id} is ${same.length} times in ${conversationId}`);
      }
    }
    return { broken, judged: sent.length, seen: `${sent.length} messages` };
  },
};
