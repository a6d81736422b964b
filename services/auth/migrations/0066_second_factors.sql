-- Up Migration
-- The authenticator app of a user: an enrolment that waits for its first code, then the factor.
CREATE TABLE auth.totp_factors (
  user_id uuid PRIMARY KEY REFERENCES auth.users (user_id),
  -- Of this enrolment: a code that was judged for a replaced one is not accepted.
  factor_id uuid NOT NULL,
  -- Version, id of the key, then AES-256-GCM bound to the user; the key is not stored here.
  encrypted_secret bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- The factor counts from then on.
  confirmed_at timestamptz,
  -- The 30-second step of the newest code that was accepted: no code is accepted twice.
  last_used_step bigint,
  last_used_at timestamptz
);
CREATE INDEX totp_factors_unconfirmed ON auth.totp_factors (created_at) WHERE confirmed_at IS NULL;

-- Recovery codes that are not used yet. Only hashes are stored.
CREATE TABLE auth.recovery_codes (
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  code_hash bytea NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

-- Sign-ins with a proved first factor that wait for the second one. Only hashes are stored.
CREATE TABLE auth.sign_in_challenges (
  challenge_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  device_name text,
  failed_tries integer NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_challenges_by_user ON auth.sign_in_challenges (user_id, expires_at);
CREATE INDEX sign_in_challenges_by_expiry ON auth.sign_in_challenges (expires_at);

-- Down Migration
DROP TABLE auth.sign_in_challenges;
DROP TABLE auth.recovery_codes;
DROP TABLE auth.totp_factors;
