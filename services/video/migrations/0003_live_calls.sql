-- Up Migration
-- Users who call a conversation with a live call join that call, on every instance.
CREATE UNIQUE INDEX calls_live ON video.calls (conversation_id)
  WHERE status IN ('ringing', 'active');

-- When the call last changed or had a signaling socket; abandoned calls are ended.
ALTER TABLE video.calls ADD COLUMN heard_at timestamptz NOT NULL DEFAULT now();

-- Down Migration
ALTER TABLE video.calls DROP COLUMN heard_at;
DROP INDEX video.calls_live;
