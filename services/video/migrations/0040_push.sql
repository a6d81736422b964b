-- Up Migration
-- Where pushes for a device go.
CREATE TABLE video.push_tokens (
  token_id uuid PRIMARY KEY,
  user_id uuid NOT NULL,
  -- The device: the token ends with the session.
  session_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('web', 'fcm', 'apns')),
  -- Of the address: a device that signs in as somebody else leaves its former user.
  address_hash bytea NOT NULL UNIQUE,
  -- The address is a secret: whoever has it can send to the device, or learn who it is.
  sealed_address bytea NOT NULL,
  created_at timestamptz NOT NULL,
  renewed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  UNIQUE (session_id, kind)
);
CREATE INDEX push_tokens_by_user ON video.push_tokens (user_id, renewed_at);
CREATE INDEX push_tokens_by_expiry ON video.push_tokens (expires_at);

-- Devices that were sent a push that a call rings, and must be sent another one when it does not
-- ring any more.
CREATE TABLE video.rung_devices (
  call_id uuid NOT NULL,
  token_id uuid NOT NULL REFERENCES video.push_tokens (token_id) ON DELETE CASCADE,
  rung_at timestamptz NOT NULL,
  PRIMARY KEY (call_id, token_id)
);
CREATE INDEX rung_devices_by_token ON video.rung_devices (token_id);
CREATE INDEX rung_devices_by_time ON video.rung_devices (rung_at);

-- Effects outside the database: pushes. As auth.outbox.
CREATE TABLE video.outbox (
  effect_id uuid PRIMARY KEY,
  kind text NOT NULL,
  idempotency_key text NOT NULL,
  -- Erased when the effect is delivered.
  payload jsonb,
  -- The user whom the effect is about, if any.
  owner_id uuid,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'dead')),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When to deliver: now, at the next retry, or when the current lease has expired.
  due_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  -- Null if no process has leased it.
  lease_id uuid,
  finished_at timestamptz,
  -- Why the last try failed: a code, no personal data.
  last_error text,
  CONSTRAINT outbox_key_unique UNIQUE (kind, idempotency_key)
);
CREATE INDEX outbox_due ON video.outbox (kind, due_at) WHERE state = 'pending';
CREATE INDEX outbox_unfinished ON video.outbox (kind) WHERE state <> 'done';
CREATE INDEX outbox_finished ON video.outbox (finished_at) WHERE state <> 'pending';
CREATE INDEX outbox_by_owner ON video.outbox (owner_id) WHERE owner_id IS NOT NULL;

-- Down Migration
DROP TABLE video.outbox;
DROP TABLE video.rung_devices;
DROP TABLE video.push_tokens;
