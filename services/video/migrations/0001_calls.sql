-- Up Migration
CREATE TABLE video.calls (
  call_id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  call_type text NOT NULL CHECK (call_type IN ('audio', 'video')),
  host_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('ringing', 'active', 'ended', 'missed', 'declined')),
  created_at timestamptz NOT NULL,
  -- Participants who have not joined by then have missed the call.
  ring_until timestamptz NOT NULL,
  answered_at timestamptz,
  ended_at timestamptz,
  end_reason text
);

CREATE TABLE video.call_participants (
  call_id uuid NOT NULL REFERENCES video.calls (call_id),
  user_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('ringing', 'joined', 'left', 'declined', 'missed')),
  PRIMARY KEY (call_id, user_id)
);
CREATE INDEX participants_ringing ON video.call_participants (call_id) WHERE state = 'ringing';

-- Down Migration
DROP TABLE video.call_participants;
DROP TABLE video.calls;
