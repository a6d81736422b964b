import type { Block } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError, decodePosition, type Position, toPage } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { deleteBlock, insertBlock, listBlocks } from '../stores/blocks.ts';
import { endFriendshipOnBlock } from '../stores/friends.ts';
import { route } from './route.ts';

const block = route(auth.blockUser, {}, async ({ user, body, context, ...client }) => {
  if (body.user_id === user.userId) throw blockingOneself();
  const { userId, sessionId } = user;
  const origin = auditOrigin({ ...client, context });
  const details = { user_id: body.user_id };
  return context.database.transaction(async (sql) => {
    const made = await insertBlock(sql, userId, body.user_id);
    if (made === undefined) throw new ApiError('NOT_FOUND', 'There is no such user.');
    if (made.isNew) {
      await endFriendshipOnBlock(sql, userId, body.user_id);
      await recordAudit(sql, { action: 'user_blocked', userId, sessionId, origin, details });
    }
    return made.block;
  });
});

const list = route(auth.listBlocks, {}, async ({ user, query: { cursor, limit }, context }) => {
  const after = decodePosition(cursor, 'cursor');
  const found = await listBlocks(context.database, user.userId, after, limit + 1);
  const { entries: blocks, next, hasMore } = toPage(found, limit, positionOf);
  return { blocks, next_cursor: next, has_more: hasMore };
});

const unblock = route(auth.unblockUser, {}, async ({ user, params, context, ...client }) => {
  const { userId, sessionId } = user;
  const origin = auditOrigin({ ...client, context });
  const details = { user_id: params.user_id };
  await context.database.transaction(async (sql) => {
    if (!(await deleteBlock(sql, userId, params.user_id))) return;
    await recordAudit(sql, { action: 'user_unblocked', userId, sessionId, origin, details });
  });
  return { removed: true as const };
});

const positionOf = ({ created_at: at, user_id: id }: Block): Position => ({ at: new Date(at), id });

export const blockRoutes = { blockUser: block, listBlocks: list, unblockUser: unblock };

function blockingOneself(): ApiError {
  const details = [{ field: 'body.user_id', message: 'expected a different user' }];
  return new ApiError('VALIDATION_ERROR', 'You cannot block yourself.', { details });
}
