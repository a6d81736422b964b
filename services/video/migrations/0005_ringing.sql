-- Up Migration
-- The session that answered: a second device that accepts is told that the call was answered
-- elsewhere.
ALTER TABLE video.call_participants ADD COLUMN answered_session text;

-- For the history of a user; the creation of the call in milliseconds, as cursors have it.
ALTER TABLE video.call_participants
  ADD COLUMN called_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now());

-- Users who are in a call or being called.
CREATE INDEX call_participants_present ON video.call_participants (user_id)
  WHERE state IN ('ringing', 'joined');

-- What the devices of a user are told of a call: that it rings, who has answered, and once that it
-- is over for the user. Written with the change itself, and kept for some days.
CREATE TABLE video.call_notices (
  notice_id uuid NOT NULL,
  call_id uuid NOT NULL,
  -- Who is told.
  user_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('call_ringing', 'call_answered', 'call_ended')),
  -- Who calls or has answered; of call_ended, the user who is told. So the key allows one end.
  from_user uuid NOT NULL,
  conversation_id uuid NOT NULL,
  at timestamptz NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (call_id, user_id, type, from_user)
);
CREATE INDEX call_notices_by_time ON video.call_notices (at, notice_id);
CREATE INDEX call_notices_by_user ON video.call_notices (user_id, at);

-- Video's view for other services, which deliver the notices to the sockets of their users.
CREATE VIEW video.notices AS
  SELECT notice_id, call_id, user_id, type, from_user, conversation_id, at, data,
    -- Whether the call still rings for the user.
    type = 'call_ringing' AND EXISTS (
      SELECT 1 FROM video.call_participants AS part
      JOIN video.calls ON calls.call_id = part.call_id
      WHERE part.call_id = call_notices.call_id AND part.user_id = call_notices.user_id
        AND part.state = 'ringing' AND calls.status IN ('ringing', 'active')
        AND calls.ring_until > now()
    ) AS rings
  FROM video.call_notices;

-- Down Migration
DROP VIEW video.notices;
DROP TABLE video.call_notices;
DROP INDEX video.call_participants_present;
ALTER TABLE video.call_participants DROP COLUMN called_at, DROP COLUMN answered_session;
