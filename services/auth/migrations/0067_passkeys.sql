-- Up Migration
-- Public keys of authenticators that open an account (WebAuthn).
CREATE TABLE auth.passkeys (
  passkey_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  credential_id bytea NOT NULL CONSTRAINT passkeys_credential_unique UNIQUE,
  -- COSE_Key (RFC 9052, 7).
  public_key bytea NOT NULL,
  -- The last signature counter; 0 for authenticators that do not count.
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  name text NOT NULL,
  backed_up boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkeys_by_user ON auth.passkeys (user_id);

-- Challenges that wait for the answer of a browser. Hashes, so this table helps nobody who reads it.
CREATE TABLE auth.passkey_challenges (
  challenge_hash bytea PRIMARY KEY,
  purpose text NOT NULL,
  -- Who may have only so many: a session, or the keyed hash of an address.
  owner text NOT NULL,
  -- The session that may answer; null for a sign-in.
  session_id uuid REFERENCES auth.sessions (session_id),
  expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenges_by_expiry ON auth.passkey_challenges (expires_at);
CREATE INDEX passkey_challenges_by_owner ON auth.passkey_challenges (owner, expires_at);
CREATE INDEX passkey_challenges_by_session ON auth.passkey_challenges (session_id);

-- Down Migration
DROP TABLE auth.passkey_challenges;
DROP TABLE auth.passkeys;
