-- Up Migration
-- A decoy is the account of a registration whose address had an account already. Nobody can sign in
-- to it: its own address is random.
-- A hash of the address that was registered; the password of the decoy is compared at logins of it.
ALTER TABLE auth.users ADD COLUMN registered_for text;
CREATE UNIQUE INDEX users_registered_for_unique ON auth.users (registered_for);

-- Down Migration
ALTER TABLE auth.users DROP COLUMN registered_for;
