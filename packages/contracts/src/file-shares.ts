import { z } from 'zod';
import { Uuid } from './primitives.ts';

/** Maximum conversations with which the owner can share a file. */
export const FILE_SHARES_MAX = 200;

/** Body of `POST /v1/storage/files/:file_id/share`. */
export const NewFileShare = z.object({ conversation_id: Uuid });
export type NewFileShare = z.infer<typeof NewFileShare>;

/** Whether the participants of a conversation may download a file. */
export const FileShare = z
  .object({ file_id: Uuid, conversation_id: Uuid, shared: z.boolean().meta({ examples: [true] }) })
  .meta({ id: 'FileShare' });
export type FileShare = z.infer<typeof FileShare>;

/** Reply of `GET /v1/storage/files/:file_id/share`: conversations that may download the file. */
export const FileShares = z.object({ conversation_ids: z.array(Uuid) });
export type FileShares = z.infer<typeof FileShares>;
