-- Up Migration
-- When the device was last told that its one-time pre-keys run low; an upload clears it.
ALTER TABLE auth.device_keys ADD COLUMN low_told_at timestamptz;

-- Down Migration
ALTER TABLE auth.device_keys DROP COLUMN low_told_at;
