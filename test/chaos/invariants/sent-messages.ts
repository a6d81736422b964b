import type { History, Operation } from '../history.ts';
import { replyText } from './replies.ts';

/** A message that was acknowledged, with every attempt to send it. */
export interface SentMessage {
  readonly conversationId: string;
  readonly clientMessageId: string;
  /** More than one is an error. */
  readonly messageIds: ReadonlySet<string>;
  readonly attempts: readonly Operation[];
  readonly acknowledged: readonly Operation[];
}

/** Everything that users were told is stored. */
export function sentMessages({ operations }: History): SentMessage[] {
  const byClientId = Map.groupBy(
    operations.filter(({ name }) => name === 'send message' || name === 'send over socket'),
    ({ facts }) => facts.clientMessageId ?? '',
  );
  return [...byClientId].flatMap(([clientMessageId, attempts]) => {
    const acknowledged = attempts.filter(({ status }) => status === 201);
    const messageIds = new Set(acknowledged.map((one) => messageIdOf(one) ?? 'none'));
    const conversationId = attempts[0]?.facts.conversationId ?? '';
    if (acknowledged.length === 0) return [];
    return [{ conversationId, clientMessageId, messageIds, attempts, acknowledged }];
  });
}

function messageIdOf(operation: Operation): string | undefined {
  return operation.facts.messageId ?? replyText(operation, 'message_id');
}
