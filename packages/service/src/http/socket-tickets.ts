import type { Identity } from './identity.ts';

/** Replaces an access token once, to open one WebSocket. */
export interface SocketTicket {
  readonly ticketId: string;
  /** The identity of the access token; the socket ends with it. */
  readonly identity: Identity;
  /** When it expires, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Verifies a ticket's signature and claims, not whether it was used. As `VerifyToken`. */
export type VerifyTicket = (text: string) => SocketTicket | Promise<SocketTicket>;

/** The tickets of a service with WebSockets. */
export interface SocketTickets {
  readonly verify: VerifyTicket;
  /** Uses up a ticket; false if it was used before, at any instance or service. */
  use(ticket: SocketTicket): Promise<boolean>;
}
