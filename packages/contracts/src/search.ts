import { z } from 'zod';
import { Cursor, Limit } from './page.ts';
import { text, Uuid } from './primitives.ts';

/** Query of `GET /v1/messages/search`. Default: the user's most recently active conversations. */
export const SearchQuery = z.object({
  q: text(1, 200).meta({ examples: ['noon'] }),
  conversation_id: Uuid.exactOptional(),
  limit: Limit,
  page_state: Cursor,
});
export type SearchQuery = z.infer<typeof SearchQuery>;
