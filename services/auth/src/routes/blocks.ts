import type { Block } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError, decodePosition, type Position, toPage } from '@secureconnect/service';
import { deleteBlock, insertBlock, listBlocks } from '../stores/blocks.ts';
import { route } from './route.ts';

const block = route(auth.blockUser, {}, async ({ user, body, context }) => {
  if (body.user_id === user.userId) throw blockingOneself();
  const made = await insertBlock(context.database, user.userId, body.user_id);
  if (made === undefined) throw new ApiError('NOT_FOUND', 'There is no such user.');
  return made;
});

const list = route(auth.listBlocks, {}, async ({ user, query: { cursor, limit }, context }) => {
  const after = decodePosition(cursor, 'cursor');
  const found = await listBlocks(context.database, user.userId, after, limit + 1);
  const { entries: blocks, next, hasMore } = toPage(found, limit, positionOf);
  return { blocks, next_cursor: next, has_more: hasMore };
});

const unblock = route(auth.unblockUser, {}, async ({ user, params, context }) => {
  await deleteBlock(context.database, user.userId, params.user_id);
  return { removed: true as const };
});

const positionOf = ({ created_at: at, user_id: id }: Block): Position => ({ at: new Date(at), id });

export const blockRoutes = { blockUser: block, listBlocks: list, unblockUser: unblock };

function blockingOneself(): ApiError {
  const details = [{ field: 'body.user_id', message: 'expected a different user' }];
  return new ApiError('VALIDATION_ERROR', 'You cannot block yourself.', { details });
}
