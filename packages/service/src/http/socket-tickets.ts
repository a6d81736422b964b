import type { Identity } from './identity.ts';

/** What stands for somebody's access token once, to open one WebSocket. */
export interface SocketTicket {
  readonly ticketId: string;
  /** As the access token says that it was given for: it ends the socket when it ends. */
  readonly identity: Identity;
  /** Until when it may be used, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Verifies a ticket's signature and claims, not whether it was used. As `VerifyToken`. */
export type VerifyTicket = (text: string) => SocketTicket | Promise<SocketTicket>;

/** How a service with WebSockets takes tickets. */
export interface SocketTickets {
  readonly verify: VerifyTicket;
  /** Uses a ticket up; false where it was used before, at whichever instance or service. */
  use(ticket: SocketTicket): Promise<boolean>;
}
