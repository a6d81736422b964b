-- Up Migration
-- The public keys of a device for end-to-end encryption. A device is a session: its keys are given
-- out as long as the session lives.
CREATE TABLE auth.device_keys (
  session_id uuid PRIMARY KEY REFERENCES auth.sessions (session_id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  identity_key bytea NOT NULL,
  signing_key bytea NOT NULL,
  identity_signature bytea NOT NULL,
  signed_pre_key_id bigint NOT NULL,
  signed_pre_key bytea NOT NULL,
  signed_pre_key_signature bytea NOT NULL,
  signed_pre_key_set_at timestamptz NOT NULL DEFAULT now(),
  -- The highest id of a one-time pre-key so far: a key that was given out cannot come back.
  last_one_time_key_id bigint NOT NULL DEFAULT 0
);
CREATE INDEX device_keys_by_user ON auth.device_keys (user_id);

-- One-time pre-keys in stock. Giving one out deletes it.
CREATE TABLE auth.one_time_pre_keys (
  session_id uuid NOT NULL REFERENCES auth.device_keys (session_id) ON DELETE CASCADE,
  key_id bigint NOT NULL,
  public_key bytea NOT NULL,
  PRIMARY KEY (session_id, key_id)
);

-- How often somebody fetched the keys of somebody, within a window.
CREATE TABLE auth.key_fetches (
  fetcher_id uuid NOT NULL REFERENCES auth.users (user_id),
  target_id uuid NOT NULL REFERENCES auth.users (user_id),
  window_ends_at timestamptz NOT NULL,
  fetches integer NOT NULL,
  PRIMARY KEY (fetcher_id, target_id)
);
CREATE INDEX key_fetches_by_target ON auth.key_fetches (target_id);
CREATE INDEX key_fetches_by_window ON auth.key_fetches (window_ends_at);

-- Down Migration
DROP TABLE auth.key_fetches;
DROP TABLE auth.one_time_pre_keys;
DROP TABLE auth.device_keys;
