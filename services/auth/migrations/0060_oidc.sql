-- Up Migration
-- Users who sign in with an OpenID provider need no password.
ALTER TABLE auth.users ALTER COLUMN password_hash DROP NOT NULL;

-- Sign-ins at OpenID providers, by the provider's stable identifier of the person.
CREATE TABLE auth.linked_identities (
  identity_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  -- The id of the provider in the configuration, for display; issuer and subject identify.
  provider text NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  linked_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT linked_identities_unique UNIQUE (issuer, subject)
);
CREATE INDEX linked_identities_by_user ON auth.linked_identities (user_id);

-- Sign-ins in progress at a provider. PKCE verifier and nonce are derived from the secret in the
-- browser, so this table helps nobody who reads it.
CREATE TABLE auth.oidc_flows (
  state_hash bytea PRIMARY KEY,
  secret_hash bytea NOT NULL,
  provider text NOT NULL,
  -- The session that links a sign-in to its account; null for a sign-in.
  session_id uuid REFERENCES auth.sessions (session_id),
  expires_at timestamptz NOT NULL
);
CREATE INDEX oidc_flows_by_expiry ON auth.oidc_flows (expires_at);
CREATE INDEX oidc_flows_by_session ON auth.oidc_flows (session_id);

-- Down Migration
DROP TABLE auth.oidc_flows;
DROP TABLE auth.linked_identities;
-- Users without a password could not be kept: there is no password that they know.
ALTER TABLE auth.users ALTER COLUMN password_hash SET NOT NULL;
