-- Up Migration
-- Services that act for a time as if a dependency had failed. Who began a drill is in the audit log.
CREATE TABLE auth.drills (
  drill_id uuid PRIMARY KEY,
  services text[] NOT NULL,
  -- Null: all of the services.
  instance text,
  dependency text NOT NULL,
  -- Null: everything that uses the dependency.
  port text,
  begun_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL,
  -- Ended before its time.
  ended_at timestamptz
);
CREATE INDEX drills_by_end ON auth.drills (ends_at);

-- What auth shows the processes that follow.
CREATE VIEW auth.current_drills AS
  SELECT drill_id, services, instance, dependency, port,
    extract(epoch FROM ends_at - now())::float8 AS seconds_left
  FROM auth.drills WHERE ended_at IS NULL AND ends_at > now();

-- Down Migration
DROP VIEW auth.current_drills;
DROP TABLE auth.drills;
