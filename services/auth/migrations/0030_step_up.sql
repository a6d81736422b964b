-- Up Migration
-- When the user of a session last proved again who they are. Null: only at sign-in.
ALTER TABLE auth.sessions ADD COLUMN stepped_up_at timestamptz;

-- Down Migration
ALTER TABLE auth.sessions DROP COLUMN stepped_up_at;
