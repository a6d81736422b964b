import { z } from 'zod';
import { Timestamp } from './primitives.ts';

/** Reply of `DELETE /v1/users/me`: when the account is erased; until then it can be cancelled. */
export const DeletionRequested = z
  .object({ deletion_begins_at: Timestamp })
  .meta({ id: 'DeletionRequested' });

/** Reply of `DELETE /v1/users/me/deletion`: whether there was a deletion to cancel. */
export const DeletionCancelled = z.object({ cancelled: z.boolean() });
