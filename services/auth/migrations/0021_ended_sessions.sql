-- Up Migration
-- For deleting the keys of ended sessions from Redis when it is back.
CREATE INDEX sessions_by_end ON auth.sessions (ended_at, session_id) WHERE ended_at IS NOT NULL;

-- Down Migration
DROP INDEX auth.sessions_by_end;
