-- Up Migration
-- How the media of a call flow: between its peers, or through an SFU.
ALTER TABLE video.calls ADD COLUMN topology text NOT NULL DEFAULT 'mesh'
  CHECK (topology IN ('mesh', 'sfu'));

-- Since when a user who has joined is not in the room at the SFU; null if they are, or nobody knows.
ALTER TABLE video.call_participants ADD COLUMN sfu_absent_since timestamptz;

-- The rooms of calls at the SFU that are compared with their calls from time to time, until some
-- minutes after the end of the call.
CREATE TABLE video.sfu_rooms (
  call_id uuid PRIMARY KEY,
  check_at timestamptz NOT NULL,
  -- The last comparison that succeeded.
  compared_at timestamptz
);
CREATE INDEX sfu_rooms_due ON video.sfu_rooms (check_at);

-- Down Migration
DROP TABLE video.sfu_rooms;
ALTER TABLE video.call_participants DROP COLUMN sfu_absent_since;
ALTER TABLE video.calls DROP COLUMN topology;
