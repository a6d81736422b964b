-- Up Migration
-- What the next token is derived from, beside this one and a key that is not kept here.
ALTER TABLE auth.refresh_tokens ADD COLUMN next_salt bytea;

-- Down Migration
ALTER TABLE auth.refresh_tokens DROP COLUMN next_salt;
