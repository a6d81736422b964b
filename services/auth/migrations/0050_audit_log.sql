-- Up Migration
-- Who did what to an account, in the transaction of the deed. Rows are only ever added.
CREATE TABLE auth.audit_entries (
  entry_id uuid PRIMARY KEY,
  -- Whole milliseconds: a page's cursor and the hash carry no finer time.
  recorded_at timestamptz NOT NULL,
  action text NOT NULL,
  -- The account, or null for a deed that concerns all. No reference: an entry outlives its account.
  user_id uuid,
  actor_kind text NOT NULL,
  actor_id uuid,
  session_id uuid,
  mode text NOT NULL,
  -- JSON without personal data, as it was hashed.
  details text NOT NULL,
  personal_digest bytea NOT NULL
);
CREATE INDEX audit_entries_by_user ON auth.audit_entries (user_id, recorded_at DESC, entry_id DESC);

-- The personal parts of entries. The chain has a salted digest of them, so a row may be deleted.
CREATE TABLE auth.audit_personal (
  entry_id uuid PRIMARY KEY,
  user_id uuid,
  salt bytea NOT NULL,
  address text,
  agent text,
  email text
);
CREATE INDEX audit_personal_by_user ON auth.audit_personal (user_id);

-- Entries that are not yet in the chain. Apart from the chain, so that transactions that record
-- entries never wait for each other.
CREATE TABLE auth.audit_unsealed (
  entry_id uuid PRIMARY KEY,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX audit_unsealed_oldest ON auth.audit_unsealed (recorded_at, entry_id);

CREATE TABLE auth.audit_chain (
  sequence bigint PRIMARY KEY,
  entry_id uuid NOT NULL CONSTRAINT audit_chain_entry_unique UNIQUE,
  hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT now()
);

-- The end of the chain, and the instance that currently extends it.
CREATE TABLE auth.audit_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  sequence bigint NOT NULL,
  hash bytea NOT NULL,
  leased_by uuid,
  leased_until timestamptz NOT NULL DEFAULT now()
);
INSERT INTO auth.audit_head (sequence, hash) VALUES (0, '');

-- Failed logins by a hash of the address, so that a stranger cannot fill the log.
CREATE TABLE auth.audit_failed_logins (
  subject text PRIMARY KEY,
  window_ends_at timestamptz NOT NULL,
  failures integer NOT NULL,
  -- Failures without an entry since the last entry, and those that the last entry told.
  skipped integer NOT NULL DEFAULT 0,
  told integer NOT NULL DEFAULT 0
);
CREATE INDEX audit_failed_logins_by_window ON auth.audit_failed_logins (window_ends_at);

CREATE FUNCTION auth.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END
$$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON auth.audit_entries
  FOR EACH ROW EXECUTE FUNCTION auth.refuse_audit_change();
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON auth.audit_chain
  FOR EACH ROW EXECUTE FUNCTION auth.refuse_audit_change();

-- Down Migration
DROP TABLE auth.audit_failed_logins;
DROP TABLE auth.audit_head;
DROP TABLE auth.audit_chain;
DROP TABLE auth.audit_unsealed;
DROP TABLE auth.audit_personal;
DROP TABLE auth.audit_entries;
DROP FUNCTION auth.refuse_audit_change();
