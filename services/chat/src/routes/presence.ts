import { NewPresence, Presence, PresenceList, PresenceQuery } from '@secureconnect/contracts';
import { failOpen } from '@secureconnect/degraded-mode';
import { blockersOf } from '../stores/blocks.ts';
import { route } from './route.ts';

export const presenceRoutes = [
  route.post(
    '/v1/presence',
    {
      operation: 'presence',
      summary: 'Says whether one is online; it lapses after a minute',
      auth: 'bearer',
      body: NewPresence,
      reply: Presence,
      whenRedisDown: { presence: failOpen.skip() },
    },
    async ({ user, body }, { presence }) => presence.declare(user.userId, body.online),
  ),
  route.get(
    '/v1/presence',
    {
      operation: 'presence of others',
      summary: 'Says who is online; whoever has blocked one looks offline',
      auth: 'bearer',
      query: PresenceQuery,
      reply: PresenceList,
      whenRedisDown: { presence: failOpen.skip() },
    },
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
];
