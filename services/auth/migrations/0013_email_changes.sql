-- Up Migration
CREATE TABLE auth.email_changes (
  change_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  -- The session that requested it: when it ends, the change can no longer be confirmed.
  session_id uuid NOT NULL,
  old_email text NOT NULL,
  new_email text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  -- Until then, the old address is nobody else's and can undo the change.
  undo_until timestamptz,
  undone_at timestamptz
);
CREATE INDEX email_changes_by_user ON auth.email_changes (user_id);
CREATE INDEX email_changes_by_old_email ON auth.email_changes (old_email)
  WHERE undo_until IS NOT NULL AND undone_at IS NULL;

-- The tokens of the mails about a change, one for each mail. Only hashes are stored.
CREATE TABLE auth.email_change_tokens (
  token_hash bytea PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES auth.email_changes (change_id),
  purpose text NOT NULL CHECK (purpose IN ('confirm', 'undo'))
);
CREATE INDEX email_change_tokens_by_change ON auth.email_change_tokens (change_id);

-- Down Migration
DROP TABLE auth.email_change_tokens;
DROP TABLE auth.email_changes;
