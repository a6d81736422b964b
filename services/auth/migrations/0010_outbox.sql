-- Up Migration
-- Effects outside the database, such as mail. Written in the transaction of their cause and
-- delivered afterwards by any instance.
CREATE TABLE auth.outbox (
  effect_id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- Receivers recognize a repeated delivery by it.
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
CREATE INDEX outbox_due ON auth.outbox (kind, due_at) WHERE state = 'pending';
CREATE INDEX outbox_unfinished ON auth.outbox (kind) WHERE state <> 'done';
CREATE INDEX outbox_finished ON auth.outbox (finished_at) WHERE state <> 'pending';
CREATE INDEX outbox_by_owner ON auth.outbox (owner_id) WHERE owner_id IS NOT NULL;

-- Down Migration
DROP TABLE auth.outbox;
