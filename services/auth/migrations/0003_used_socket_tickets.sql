-- Up Migration
-- Tickets that have opened a WebSocket. The services that open sockets write only this table of the
-- schema. The primary key makes a ticket valid once, whichever instance sees it first.
CREATE TABLE auth.used_socket_tickets (
  ticket_id uuid PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX used_socket_tickets_by_expiry ON auth.used_socket_tickets (expires_at);

-- Down Migration
DROP TABLE auth.used_socket_tickets;
