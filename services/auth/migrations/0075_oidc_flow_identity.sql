-- Up Migration
-- A provider can be asked once for a reply. Its answer is kept until the sign-in is stored, so a
-- request that was refused meanwhile can be repeated.
ALTER TABLE auth.oidc_flows ADD COLUMN asked_at timestamptz;
-- Sealed by the secret in the browser, so this table still helps nobody who reads it.
ALTER TABLE auth.oidc_flows ADD COLUMN sealed_identity bytea;

-- Down Migration
ALTER TABLE auth.oidc_flows DROP COLUMN sealed_identity;
ALTER TABLE auth.oidc_flows DROP COLUMN asked_at;
