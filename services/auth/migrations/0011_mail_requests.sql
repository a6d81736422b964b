-- Up Migration
-- Mails that anybody may request for an address, and how many it got. The previous version uses
-- password_reset_requests instead.
CREATE TABLE auth.mail_requests (
  purpose text NOT NULL,
  -- A hash of the requested address, registered or not.
  subject text NOT NULL,
  -- Mails requested in the window that ends at expires_at.
  mails integer NOT NULL,
  -- The last of them: while it is in the outbox, further requests are merged with it.
  effect_id uuid,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (purpose, subject)
);
CREATE INDEX mail_requests_by_expiry ON auth.mail_requests (expires_at);

-- Down Migration
DROP TABLE auth.mail_requests;
