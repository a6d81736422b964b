-- Up Migration
-- The user who started the call; `host_id` may change. Rows of earlier instances have none yet.
ALTER TABLE video.calls
  ADD COLUMN caller_id uuid,
  ADD COLUMN locked boolean NOT NULL DEFAULT false;
CREATE INDEX calls_by_caller ON video.calls (caller_id);

-- The host has removed the user, who stays out. PostgreSQL and CockroachDB name the check
-- differently.
ALTER TABLE video.call_participants DROP CONSTRAINT IF EXISTS call_participants_state_check;
ALTER TABLE video.call_participants DROP CONSTRAINT IF EXISTS check_state;
ALTER TABLE video.call_participants ADD CONSTRAINT call_participants_state
  CHECK (state IN ('ringing', 'joined', 'left', 'declined', 'missed', 'removed'));

-- Down Migration
ALTER TABLE video.call_participants DROP CONSTRAINT call_participants_state;
UPDATE video.call_participants SET state = 'left' WHERE state = 'removed';
ALTER TABLE video.call_participants ADD CONSTRAINT call_participants_state_check
  CHECK (state IN ('ringing', 'joined', 'left', 'declined', 'missed'));
DROP INDEX video.calls_by_caller;
ALTER TABLE video.calls DROP COLUMN locked, DROP COLUMN caller_id;
