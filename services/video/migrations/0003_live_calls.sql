-- Up Migration
-- Who calls where there is a live call already joins that one, whatever instance is asked.
CREATE UNIQUE INDEX calls_live ON video.calls (conversation_id)
  WHERE status IN ('ringing', 'active');

-- When the call last changed, or had a signaling socket; what nobody is in any more is ended.
ALTER TABLE video.calls ADD COLUMN heard_at timestamptz NOT NULL DEFAULT now();

-- Down Migration
ALTER TABLE video.calls DROP COLUMN heard_at;
DROP INDEX video.calls_live;
