import { auth } from '@secureconnect/contracts/endpoints';
import { route } from './route.ts';

/** Nothing is stored for it: what makes a ticket good for once is written where it is used. */
export const createSocketTicket = route(auth.createSocketTicket, {}, async ({ user, context }) => {
  const { ticket, expiresInSeconds } = context.signSocketTicket(user);
  return { ticket, expires_in: expiresInSeconds };
});
