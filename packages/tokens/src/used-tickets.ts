import type { Sql } from '@secureconnect/postgres';
import type { SocketTicket } from '@secureconnect/service';

/**
 * Records the use of a ticket; false if it was already used. This is the only table of auth that
 * other services write to (docs/adr/0014); only auth deletes its rows.
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
