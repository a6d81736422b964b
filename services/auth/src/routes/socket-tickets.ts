import { SocketTicket } from '@secureconnect/contracts';
import { route } from './route.ts';

/** Nothing is stored for it: what makes a ticket good for once is written where it is used. */
export const socketTicket = route.post(
  '/v1/ws/ticket',
  {
    operation: 'ws/ticket',
    summary: 'Get a ticket that opens one WebSocket within 30 s (?ticket=)',
    auth: 'bearer',
    reply: SocketTicket,
    status: 201,
    whenRedisDown: {},
  },
  async ({ user, context }) => {
    const { ticket, expiresInSeconds } = context.signSocketTicket(user);
    return { ticket, expires_in: expiresInSeconds };
  },
);
