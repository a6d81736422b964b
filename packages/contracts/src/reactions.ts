import { z } from 'zod';
import { text, Uuid } from './primitives.ts';

/**
 * A reaction: 1 to 32 code points without white space or control characters. Clients check that it
 * is an emoji, because the set of emoji changes every year.
 */
export const Emoji = text(1, 32)
  .regex(/^[^\s\p{Cc}]*$/u, 'expected no white space and no control characters')
  .meta({ examples: ['👍'] });

/** The `emoji` in the path of `/v1/messages/:message_id/reactions/:emoji`. */
export const ReactionParams = z.object({ emoji: Emoji });
export type ReactionParams = z.infer<typeof ReactionParams>;

/** A user reacted to a message, or, if `present` is false, removed the reaction. */
export const ReactionChange = z.object({
  message_id: Uuid,
  user_id: Uuid,
  emoji: z.string().meta({ examples: ['👍'] }),
  present: z.boolean().meta({ examples: [true] }),
});
export type ReactionChange = z.infer<typeof ReactionChange>;
