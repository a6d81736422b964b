-- Up Migration
-- Offers to peers without a socket and the candidates that follow, for half a minute.
CREATE TABLE video.kept_signals (
  signal_id uuid PRIMARY KEY,
  call_id uuid NOT NULL,
  from_user uuid NOT NULL,
  to_user uuid NOT NULL,
  -- The order in which the sender sent them; the offer is 0.
  number integer NOT NULL,
  -- A frame as JSON; not jsonb, which cannot hold every text.
  frame text NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (call_id, to_user, from_user, number)
);

-- Down Migration
DROP TABLE video.kept_signals;
