-- Up Migration
ALTER TABLE auth.users ADD COLUMN email_verified_at timestamptz;

-- What was mailed to verify an address: one row for each mail. Only hashes are stored.
CREATE TABLE auth.email_verifications (
  -- Of the token in the link.
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  -- Only this address is verified by it.
  email text NOT NULL,
  -- Of the short code, with a key that is not stored here.
  code_hash bytea NOT NULL,
  code_tries integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX email_verifications_by_user ON auth.email_verifications (user_id);
CREATE INDEX email_verifications_by_email ON auth.email_verifications (email);
CREATE INDEX email_verifications_by_expiry ON auth.email_verifications (expires_at);

-- Down Migration
DROP TABLE auth.email_verifications;
ALTER TABLE auth.users DROP COLUMN email_verified_at;
