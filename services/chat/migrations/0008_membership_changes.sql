-- Up Migration
-- Users who joined or left a conversation, for instances that the bus did not reach.
-- Kept for a day.
CREATE TABLE chat.membership_changes (
  at timestamptz NOT NULL,
  change_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  user_ids uuid[] NOT NULL,
  PRIMARY KEY (at, change_id)
);

-- Down Migration
DROP TABLE chat.membership_changes;
