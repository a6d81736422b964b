-- Up Migration
-- What auth shows the services that have routes for administrators.
CREATE VIEW auth.current_roles AS
  SELECT user_id, role FROM auth.users WHERE disabled_at IS NULL;

-- Down Migration
DROP VIEW auth.current_roles;
