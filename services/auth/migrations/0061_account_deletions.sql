-- Up Migration
-- Deletions of accounts under way. A row goes with the account.
CREATE TABLE auth.account_deletions (
  user_id uuid PRIMARY KEY REFERENCES auth.users (user_id),
  requested_at timestamptz NOT NULL DEFAULT now(),
  -- The end of the grace period; until then the deletion may be cancelled.
  due_at timestamptz NOT NULL,
  -- When the account was closed for good and its erasure began.
  started_at timestamptz
);
CREATE INDEX account_deletions_due ON auth.account_deletions (due_at) WHERE started_at IS NULL;

-- The services that have erased their part. They write only this table of the schema and
-- auth.used_socket_tickets.
CREATE TABLE auth.erased_parts (
  user_id uuid NOT NULL,
  part text NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, part)
);

-- What auth shows the other services. Settled: no request of the user can be under way any more; an
-- upload takes 15 minutes at most.
CREATE VIEW auth.accounts_to_erase AS
  SELECT user_id, started_at, started_at < now() - interval '16 minutes' AS is_settled
  FROM auth.account_deletions WHERE started_at IS NOT NULL;

-- Down Migration
DROP VIEW auth.accounts_to_erase;
DROP TABLE auth.erased_parts;
DROP TABLE auth.account_deletions;
