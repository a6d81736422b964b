-- Up Migration
ALTER TABLE chat.messages
  ADD COLUMN edited_at timestamptz,
  ADD COLUMN deleted_at timestamptz,
  -- The search words of the message; empty for encrypted and deleted messages.
  ADD COLUMN words text[] NOT NULL DEFAULT '{}',
  -- '<emoji> <user_id>', the first reaction first.
  ADD COLUMN reactions text[] NOT NULL DEFAULT '{}';
CREATE INDEX messages_by_words ON chat.messages USING GIN (words);

-- The log of events for sockets; kept for some days, see EVENTS_KEPT_SECONDS.
CREATE TABLE chat.events (
  conversation_id uuid NOT NULL,
  event_id uuid NOT NULL,
  at timestamptz NOT NULL,
  type text NOT NULL,
  from_user uuid NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (conversation_id, at, event_id)
);
CREATE INDEX events_by_time ON chat.events (at);

-- The time of the last logged event, wherever the log is stored.
ALTER TABLE chat.conversations ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();

-- The messages may be in Cassandra, so this table does not refer to them.
CREATE TABLE chat.pins (
  conversation_id uuid NOT NULL REFERENCES chat.conversations (conversation_id),
  message_id uuid NOT NULL,
  pinned_by uuid NOT NULL,
  pinned_at timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, message_id)
);

-- Down Migration
DROP TABLE chat.pins;
ALTER TABLE chat.conversations DROP COLUMN changed_at;
DROP TABLE chat.events;
DROP INDEX chat.messages_by_words;
ALTER TABLE chat.messages
  DROP COLUMN edited_at, DROP COLUMN deleted_at, DROP COLUMN words, DROP COLUMN reactions;
