import { Block, BlockPage, BlockRemoved, NewBlock } from '../../blocks.ts';
import { endpoint } from '../../endpoint.ts';
import { PageQuery } from '../../page.ts';

export const blockUser = endpoint({
  route: 'POST /v1/users/blocks',
  id: 'blockUser',
  action: 'blocking users',
  tag: 'Users',
  summary: 'Block a user (idempotent)',
  auth: 'bearer',
  body: NewBlock,
  reply: Block,
  errors: ['NOT_FOUND'],
});

export const listBlocks = endpoint({
  route: 'GET /v1/users/blocks',
  id: 'listBlocks',
  action: 'listing blocks',
  tag: 'Users',
  summary: 'List the users you have blocked, newest first',
  auth: 'bearer',
  query: PageQuery,
  reply: BlockPage,
  errors: [],
});

export const unblockUser = endpoint({
  route: 'DELETE /v1/users/blocks/:user_id',
  id: 'unblockUser',
  action: 'taking blocks back',
  tag: 'Users',
  summary: 'Unblock a user (idempotent)',
  auth: 'bearer',
  reply: BlockRemoved,
  errors: [],
});
