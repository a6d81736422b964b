import { NewPresence, Presence, PresenceList, PresenceQuery } from '@secureconnect/contracts';
import { failOpen } from '@secureconnect/degraded-mode';
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
      auth: 'bearer',
      query: PresenceQuery,
      reply: PresenceList,
      whenRedisDown: { presence: failOpen.skip() },
    },
    async ({ query }, { presence }) => ({ presence: await presence.of(query.user_ids) }),
  ),
];
