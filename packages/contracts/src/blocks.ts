import { z } from 'zod';
import { pageEnd } from './page.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** Body of `POST /v1/users/blocks`. */
export const NewBlock = z.object({ user_id: Uuid });
export type NewBlock = z.infer<typeof NewBlock>;

/** A user whom the requesting user has blocked, and since when. */
export const Block = z.object({ user_id: Uuid, created_at: Timestamp }).meta({ id: 'Block' });
export type Block = z.infer<typeof Block>;

/** Reply of `GET /v1/users/blocks`, newest first. */
export const BlockPage = z.object({ blocks: z.array(Block), ...pageEnd });
export type BlockPage = z.infer<typeof BlockPage>;

/** Reply of `DELETE /v1/users/blocks/:user_id`. */
export const BlockRemoved = z.object({ removed: z.literal(true) });
export type BlockRemoved = z.infer<typeof BlockRemoved>;
