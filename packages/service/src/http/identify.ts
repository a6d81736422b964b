import type { IncomingMessage } from 'node:http';
import type { Runtime } from '../lifecycle/service-parts.ts';
import type { Auth } from '../routes/route.ts';
import {
  authenticate,
  bearerToken,
  refuseRevoked,
  unauthorized,
  upgradeCredential,
} from './bearer.ts';
import type { Identity, RevocationCheck, VerifyToken } from './identity.ts';
import type { SocketTicket } from './socket-tickets.ts';

interface Asking {
  readonly auth: Auth;
}

/** The sender of a request to a row with `auth: 'bearer'`; undefined for the others. */
export async function identify<C>(
  { auth }: Asking,
  request: IncomingMessage,
  ports: object,
  runtime: Runtime<C>,
): Promise<Identity | undefined> {
  if (auth !== 'bearer') return undefined;
  return authenticate(bearerToken(request), verifierOf(runtime), revocationsOf(ports, runtime));
}

/** The identity of an upgrade, and its ticket if it has one, which is not used up yet. */
export interface UpgradeSender {
  readonly user: Identity | undefined;
  readonly ticket?: SocketTicket;
}

/** As `identify`, of an upgrade. */
export async function identifyUpgrade<C>(
  { auth }: Asking,
  request: IncomingMessage,
  ports: object,
  runtime: Runtime<C>,
): Promise<UpgradeSender> {
  if (auth !== 'bearer') return { user: undefined };
  const credential = upgradeCredential(request);
  const revocations = revocationsOf(ports, runtime);
  if (credential?.kind !== 'ticket') {
    return { user: await authenticate(credential?.text, verifierOf(runtime), revocations) };
  }
  const { socketTickets } = runtime;
  if (socketTickets === undefined) throw unauthorized('Tickets are not taken here; send a token.');
  const ticket = await socketTickets.verify(credential.text);
  await refuseRevoked(ticket.identity, revocations);
  return { user: ticket.identity, ticket };
}

/** Uses up a ticket. Throws UNAUTHORIZED if it was used before. */
export async function useUp<C>(ticket: SocketTicket, { socketTickets }: Runtime<C>): Promise<void> {
  if ((await socketTickets?.use(ticket)) === true) return;
  const { userId, sessionId } = ticket.identity;
  const security = { event: 'ticket_reused', userId, sessionId } as const;
  throw unauthorized('This ticket was used before. Get another one.', security);
}

/** The revocation check of a row: its port, or the service's own check if it has no Redis. */
export function revocationsOf<C>(ports: object, runtime: Runtime<C>): RevocationCheck {
  const port: unknown = Reflect.get(ports, 'revocations');
  const revocations = (port as RevocationCheck | undefined) ?? runtime.revocations;
  if (revocations === undefined) throw new Error(`${runtime.name} has no revocation check`);
  return revocations;
}

function verifierOf<C>({ verifyToken, name }: Runtime<C>): VerifyToken {
  if (verifyToken === undefined) throw new Error(`${name} has no way to verify tokens`);
  return verifyToken;
}
