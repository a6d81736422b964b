-- Up Migration
-- The open signaling sockets of all instances. The instance of a socket renews heard_at; without
-- that for some time the socket counts as lost.
CREATE TABLE video.call_sockets (
  call_id uuid NOT NULL,
  user_id uuid NOT NULL,
  session_id text NOT NULL,
  -- A new socket of a session replaces its earlier one.
  socket_id uuid NOT NULL,
  heard_at timestamptz NOT NULL,
  PRIMARY KEY (call_id, user_id, session_id)
);

ALTER TABLE video.call_participants
  -- When the user last joined the call.
  ADD COLUMN joined_at timestamptz,
  -- When a user in the call lost their last socket; they may return for a while.
  ADD COLUMN lost_at timestamptz,
  -- Why the user is not in the call any more.
  ADD COLUMN part_end_reason text;

-- Down Migration
ALTER TABLE video.call_participants
  DROP COLUMN part_end_reason, DROP COLUMN lost_at, DROP COLUMN joined_at;
DROP TABLE video.call_sockets;
