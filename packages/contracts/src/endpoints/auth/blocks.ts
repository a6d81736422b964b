import { Block, BlockPage, BlockRemoved, NewBlock } from '../../blocks.ts';
import { endpoint } from '../../endpoint.ts';
import { PageQuery } from '../../page.ts';

export const blockUser = endpoint({
  route: 'POST /v1/users/blocks',
  id: 'blockUser',
  action: 'blocking users',
  tag: 'Users',
  summary: 'Block a user (idempotent)',
  description:
    'While the block lasts, neither of you can write in your direct conversation, and the user cannot add you to conversations and sees you as offline. A friendship ends; an unblock does not restore it.',
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
  description: 'Lists your own blocks only, not the users who have blocked you.',
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
  description:
    'The reply is the same if the user was not blocked. A friendship that the block ended is not restored.',
  auth: 'bearer',
  reply: BlockRemoved,
  errors: [],
});
