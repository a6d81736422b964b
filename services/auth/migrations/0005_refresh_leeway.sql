-- Up Migration
-- The next token is derived from this salt, this token, and a key that is not stored here.
ALTER TABLE auth.refresh_tokens ADD COLUMN next_salt bytea;

-- Down Migration
ALTER TABLE auth.refresh_tokens DROP COLUMN next_salt;
