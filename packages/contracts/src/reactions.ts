import { z } from 'zod';
import { text, Uuid } from './primitives.ts';

/**
 * What one reacts with: 1 to 32 code points without white space or control characters. Which of them
 * are emoji changes every year, so that is left to the clients.
 */
export const Emoji = text(1, 32)
  .regex(/^[^\s\p{Cc}]*$/u, 'expected no white space and no control characters')
  .meta({ examples: ['👍'] });

/** The path parameter of `/v1/messages/:message_id/reactions/:emoji` that is no id. */
export const ReactionParams = z.object({ emoji: Emoji });
export type ReactionParams = z.infer<typeof ReactionParams>;

/** Somebody reacted to a message, or took that back where `present` is false. */
export const ReactionChange = z.object({
  message_id: Uuid,
  user_id: Uuid,
  emoji: z.string().meta({ examples: ['👍'] }),
  present: z.boolean().meta({ examples: [true] }),
});
export type ReactionChange = z.infer<typeof ReactionChange>;
