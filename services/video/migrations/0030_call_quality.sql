-- Up Migration
-- How well the connections of calls worked, as their participants report: of each connection the
-- newest report, for 30 days.
CREATE TABLE video.call_quality (
  call_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- Made by the client, one for each connection.
  connection_id uuid NOT NULL,
  sequence integer NOT NULL,
  -- Null for a media server, and for a user whose account was deleted.
  peer_id uuid,
  reported_at timestamptz NOT NULL,
  -- QualitySummary of the contracts.
  summary jsonb NOT NULL,
  PRIMARY KEY (call_id, user_id, connection_id)
);
CREATE INDEX call_quality_by_time ON video.call_quality (reported_at);
CREATE INDEX call_quality_by_user ON video.call_quality (user_id, call_id, connection_id);

-- Calls that ended are counted once, by whichever instance finds them. Those of earlier versions
-- are not.
ALTER TABLE video.calls ADD COLUMN counted boolean NOT NULL DEFAULT true;

-- Down Migration
ALTER TABLE video.calls DROP COLUMN counted;
DROP TABLE video.call_quality;
