-- Up Migration
CREATE TABLE auth.password_reset_requests (
  -- A hash of the requested address, registered or not.
  subject text PRIMARY KEY,
  -- The address itself, until the request is processed.
  email text,
  -- When to process the request: now, after a lease has expired, or at the next retry.
  due_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  -- Mails sent in the window that ends at expires_at.
  mails integer NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL
);
CREATE INDEX password_reset_requests_due ON auth.password_reset_requests (due_at)
  WHERE email IS NOT NULL;
CREATE INDEX password_reset_requests_by_expiry ON auth.password_reset_requests (expires_at);

-- Down Migration
DROP TABLE auth.password_reset_requests;
