-- Up Migration
CREATE TABLE auth.password_reset_requests (
  -- A hash of the address that was given, whether or not anyone has it.
  subject text PRIMARY KEY,
  -- The address itself, only until it was dealt with.
  email text,
  -- When somebody should deal with it: now, after the lease of who does, or when it is tried again.
  due_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  -- Mails of the window that ends at expires_at.
  mails integer NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL
);
CREATE INDEX password_reset_requests_due ON auth.password_reset_requests (due_at)
  WHERE email IS NOT NULL;
CREATE INDEX password_reset_requests_by_expiry ON auth.password_reset_requests (expires_at);

-- Down Migration
DROP TABLE auth.password_reset_requests;
