import { chat } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import { blockersOf } from '../stores/blocks.ts';
import { route } from './route.ts';

export const presenceRoutes = {
  setPresence: route(
    chat.setPresence,
    { presence: failOpen.skip() },
    async ({ user, body }, { presence }) => presence.declare(user.userId, body.online),
  ),
  getPresence: route(
    chat.getPresence,
    { presence: failOpen.skip() },
    async ({ user, query, context }, { presence }) => {
      const blockers = await blockersOf(context.database, user.userId, query.user_ids);
      const found = await presence.of(query.user_ids);
      return {
        presence: found.map((one) =>
          blockers.has(one.user_id) ? { user_id: one.user_id, status: 'offline' as const } : one,
        ),
      };
    },
  ),
};
