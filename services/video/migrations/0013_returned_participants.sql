-- Up Migration
-- When a user last opened a socket in place of one that was lost; frames to that one may be lost.
ALTER TABLE video.call_participants ADD COLUMN returned_at timestamptz;

-- Down Migration
ALTER TABLE video.call_participants DROP COLUMN returned_at;
