-- Up Migration
-- Where a session was used last. Null for sessions from before this migration.
ALTER TABLE auth.sessions
  ADD COLUMN device_name text,
  ADD COLUMN agent text,
  ADD COLUMN address text,
  -- Written at sign-in and, rarely, at a refresh.
  ADD COLUMN last_seen_at timestamptz;

-- Down Migration
ALTER TABLE auth.sessions
  DROP COLUMN device_name,
  DROP COLUMN agent,
  DROP COLUMN address,
  DROP COLUMN last_seen_at;
