-- Up Migration
-- Keys that sign tokens. The private half is encrypted under a secret that only auth has.
CREATE TABLE auth.signing_keys (
  kid text PRIMARY KEY,
  algorithm text NOT NULL,
  public_jwk text NOT NULL,
  sealed_private_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Published before it signs, so that every service knows it by then.
  signs_from timestamptz NOT NULL,
  -- Null until a following key is published.
  verifies_until timestamptz
);

-- What auth shows the other services.
CREATE VIEW auth.verification_keys AS
  SELECT kid, algorithm, public_jwk, verifies_until FROM auth.signing_keys
  WHERE verifies_until IS NULL OR verifies_until > now();

-- Down Migration
DROP VIEW auth.verification_keys;
DROP TABLE auth.signing_keys;
