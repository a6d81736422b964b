-- Up Migration
-- What auth shows the other services: push tokens belong to sessions and end with them.
CREATE VIEW auth.live_sessions AS
  SELECT session_id, user_id FROM auth.sessions
  WHERE ended_at IS NULL AND expires_at > now();

-- Down Migration
DROP VIEW auth.live_sessions;
