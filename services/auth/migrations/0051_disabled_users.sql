-- Up Migration
-- A disabled account has no sessions and starts none.
ALTER TABLE auth.users ADD COLUMN disabled_at timestamptz;

-- Down Migration
ALTER TABLE auth.users DROP COLUMN disabled_at;
