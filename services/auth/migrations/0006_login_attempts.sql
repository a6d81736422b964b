-- Up Migration
-- Attempts that are counted but not yet judged. If the process of an attempt ends, the attempt
-- counts until in_flight_until.
ALTER TABLE auth.failed_logins
  ADD COLUMN in_flight uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN in_flight_until timestamptz;

-- Down Migration
ALTER TABLE auth.failed_logins
  DROP COLUMN in_flight,
  DROP COLUMN in_flight_until;
