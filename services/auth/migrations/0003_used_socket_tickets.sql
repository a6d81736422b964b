-- Up Migration
-- Tickets that have opened a WebSocket. The services that open them write here, and nothing else of
-- theirs is in this schema: a row makes a ticket good for once, whichever instance sees it first.
CREATE TABLE auth.used_socket_tickets (
  ticket_id uuid PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX used_socket_tickets_by_expiry ON auth.used_socket_tickets (expires_at);

-- Down Migration
DROP TABLE auth.used_socket_tickets;
