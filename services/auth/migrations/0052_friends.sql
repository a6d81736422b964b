-- Up Migration
-- One row for two users, in the order of their ids: requests that cross meet in it.
CREATE TABLE auth.friendships (
  first_id uuid NOT NULL REFERENCES auth.users (user_id),
  second_id uuid NOT NULL REFERENCES auth.users (user_id),
  requested_by uuid NOT NULL,
  -- Whole milliseconds: a page's cursor carries no finer time.
  requested_at timestamptz NOT NULL,
  -- Null while it is a request.
  accepted_at timestamptz,
  PRIMARY KEY (first_id, second_id),
  CHECK (first_id < second_id),
  CHECK (requested_by IN (first_id, second_id))
);
CREATE INDEX friendships_by_second ON auth.friendships (second_id);
CREATE INDEX friend_requests_by_sender ON auth.friendships (requested_by)
  WHERE accepted_at IS NULL;

-- Down Migration
DROP TABLE auth.friendships;
