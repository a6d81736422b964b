import type { Findings } from '@secureconnect/degraded-mode/testing';
import type { SampleEffect } from '@secureconnect/testkit';
import { saysNothing } from './effects.ts';
import { rowName, type TableRow } from './tables.ts';

/** What was said of a message over a socket, and who said it. */
export interface Said {
  readonly userId: string;
  readonly conversationId: string;
  readonly messageId: string;
  /** The text, or what was reacted with. */
  readonly content: string;
}

const relayed = () => 'none: signals are relayed between peers who have sockets' as const;
const ofSocket = () => 'none: it tells of a socket, and sockets are in memory alone' as const;

/** What each type of frame leaves in SQL, by the row that takes it. */
export const frameEffects = {
  'WS /v1/ws/chat chat': ({ conversationId, userId, content }: Said) => ({
    count: `SELECT count(*) FROM chat.messages
      WHERE conversation_id = $1 AND sender_id = $2 AND content = $3`,
    values: [conversationId, userId, content],
  }),
  'WS /v1/ws/chat read': ({ conversationId, userId, messageId }: Said) => ({
    count: `SELECT count(*) FROM chat.participants
      WHERE conversation_id = $1 AND user_id = $2 AND read_message_id = $3`,
    values: [conversationId, userId, messageId],
  }),
  'WS /v1/ws/chat edited': ({ messageId, content }: Said) => ({
    count: `SELECT count(*) FROM chat.messages
      WHERE message_id = $1 AND content = $2 AND edited_at IS NOT NULL`,
    values: [messageId, content],
  }),
  'WS /v1/ws/chat deleted': ({ messageId }: Said) => ({
    count: `SELECT count(*) FROM chat.messages
      WHERE message_id = $1 AND content = '' AND deleted_at IS NOT NULL`,
    values: [messageId],
  }),
  'WS /v1/ws/chat reaction': ({ messageId, userId, content }: Said) => ({
    count: 'SELECT count(*) FROM chat.messages WHERE message_id = $1 AND $2 = ANY(reactions)',
    values: [messageId, `${content} ${userId}`],
  }),
  'WS /v1/ws/chat resume': () => 'none: it reads what was said meanwhile',
  'WS /v1/ws/chat ping': () => 'none: it only gets an answer',
  'WS /v1/ws/chat typing': () => 'none: it is over when it has been seen',
  'WS /v1/ws/chat user_joined': ofSocket,
  'WS /v1/ws/chat user_left': ofSocket,
  'WS /v1/ws/signaling join': relayed,
  'WS /v1/ws/signaling offer': relayed,
  'WS /v1/ws/signaling answer': relayed,
  'WS /v1/ws/signaling ice_candidate': relayed,
  'WS /v1/ws/signaling mute_audio': relayed,
  'WS /v1/ws/signaling mute_video': relayed,
  'WS /v1/ws/signaling leave': relayed,
  'WS /v1/ws/signaling ping': () => 'none: it only gets an answer',
} satisfies Readonly<Record<string, (said: Said) => SampleEffect>>;

/** Names the rows of frames that stand above with neither an effect nor a reason to have none. */
export function judgeFrameEffects(rows: readonly TableRow[], findings: Findings): void {
  for (const row of rows) {
    if (row.kind !== 'message' || row.policy.route in frameEffects) continue;
    findings.wrong(rowName(row), saysNothing);
  }
}
