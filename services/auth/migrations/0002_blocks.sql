-- Up Migration
CREATE TABLE auth.user_blocks (
  blocker_id uuid NOT NULL REFERENCES auth.users (user_id),
  blocked_id uuid NOT NULL REFERENCES auth.users (user_id),
  -- Whole milliseconds: a page's cursor carries no finer time.
  created_at timestamptz NOT NULL,
  PRIMARY KEY (blocker_id, blocked_id)
);
CREATE INDEX user_blocks_by_blocked ON auth.user_blocks (blocked_id);

-- Who has blocked whom, for the services in which users meet.
CREATE VIEW auth.blocked_pairs AS
  SELECT blocker_id, blocked_id FROM auth.user_blocks;

-- Down Migration
DROP VIEW auth.blocked_pairs;
DROP TABLE auth.user_blocks;
