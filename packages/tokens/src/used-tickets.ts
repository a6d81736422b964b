import type { Sql } from '@secureconnect/postgres';
import type { SocketTicket } from '@secureconnect/service';

/**
 * Writes down that a ticket was used; false where that was written before. It is the one table of
 * auth's that other services write to (docs/adr/0014), and auth alone empties it.
 */
export async function insertUsedTicket(
  sql: Sql,
  { ticketId, expiresAtMs }: SocketTicket,
): Promise<boolean> {
  const inserted = await sql.execute(
    `INSERT INTO auth.used_socket_tickets (ticket_id, expires_at) VALUES ($1, $2)
     ON CONFLICT (ticket_id) DO NOTHING`,
    [ticketId, new Date(expiresAtMs)],
  );
  return inserted === 1;
}
