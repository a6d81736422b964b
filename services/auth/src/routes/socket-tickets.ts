import { auth } from '@secureconnect/contracts/endpoints';
import { route } from './route.ts';

/** Stores nothing: the service that accepts a ticket records its use. */
export const createSocketTicket = route(auth.createSocketTicket, {}, async ({ user, context }) => {
  const { ticket, expiresInSeconds } = await context.signSocketTicket(user);
  return { ticket, expires_in: expiresInSeconds };
});
