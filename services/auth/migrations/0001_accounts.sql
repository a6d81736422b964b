-- Up Migration
CREATE TABLE auth.users (
  user_id uuid PRIMARY KEY,
  email text NOT NULL CONSTRAINT users_email_unique UNIQUE,
  username text NOT NULL,
  -- Names that differ only in case are the same name.
  username_key text NOT NULL CONSTRAINT users_username_unique UNIQUE,
  display_name text NOT NULL,
  avatar_url text,
  status text NOT NULL DEFAULT 'offline',
  role text NOT NULL DEFAULT 'user',
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE auth.sessions (
  session_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_by_user ON auth.sessions (user_id) WHERE ended_at IS NULL;

-- Only hashes are stored, so nobody who reads this table can use a token.
CREATE TABLE auth.refresh_tokens (
  token_hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES auth.sessions (session_id),
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz
);
CREATE INDEX refresh_tokens_by_session ON auth.refresh_tokens (session_id);

-- A token (jti) or a session (sid) that must not be accepted until it would have expired anyway.
CREATE TABLE auth.revocations (
  id uuid PRIMARY KEY,
  expires_at timestamptz NOT NULL,
  reason text NOT NULL,
  revoked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX revocations_by_expiry ON auth.revocations (expires_at);

CREATE TABLE auth.failed_logins (
  -- A hash of the address that was tried, registered or not.
  subject text PRIMARY KEY,
  failures integer NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX failed_logins_by_expiry ON auth.failed_logins (expires_at);

CREATE TABLE auth.password_resets (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX password_resets_by_user ON auth.password_resets (user_id);

-- What auth shows the other services.
CREATE VIEW auth.directory AS
  SELECT user_id, email, username, username_key, display_name, avatar_url, status
  FROM auth.users;
CREATE VIEW auth.revoked_tokens AS
  SELECT id, expires_at FROM auth.revocations;

-- Down Migration
DROP VIEW auth.revoked_tokens;
DROP VIEW auth.directory;
DROP TABLE auth.password_resets;
DROP TABLE auth.failed_logins;
DROP TABLE auth.revocations;
DROP TABLE auth.refresh_tokens;
DROP TABLE auth.sessions;
DROP TABLE auth.users;
