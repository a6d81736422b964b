-- Up Migration
-- Used only without Cassandra, so no other table refers to this one.
CREATE TABLE chat.messages (
  message_id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  sender_id uuid NOT NULL,
  content text NOT NULL,
  is_encrypted boolean NOT NULL,
  message_type text NOT NULL,
  metadata jsonb NOT NULL,
  client_message_id text,
  created_at timestamptz NOT NULL,
  CONSTRAINT messages_client_unique UNIQUE (conversation_id, sender_id, client_message_id)
);
CREATE INDEX messages_by_conversation
  ON chat.messages (conversation_id, created_at DESC, message_id DESC);

-- Down Migration
DROP TABLE chat.messages;
