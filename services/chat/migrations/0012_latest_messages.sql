-- Up Migration
-- The latest message of each conversation in which something was said lately, for pushes. Ids only.
CREATE TABLE chat.latest_messages (
  conversation_id uuid PRIMARY KEY,
  message_id uuid NOT NULL,
  sender_id uuid NOT NULL,
  said_at timestamptz NOT NULL,
  -- By the clock of the database, so that readers miss none.
  noted_at timestamptz NOT NULL
);
CREATE INDEX latest_messages_by_time ON chat.latest_messages (noted_at);
CREATE INDEX latest_messages_by_sender ON chat.latest_messages (sender_id);

-- Chat's view for video, which pushes: for whom the latest message of a conversation is unread.
CREATE VIEW chat.unread_latest AS
  SELECT latest.conversation_id, latest.message_id, latest.sender_id, latest.noted_at,
    receiver.user_id
  FROM chat.latest_messages AS latest JOIN chat.participants AS receiver
    ON receiver.conversation_id = latest.conversation_id
  WHERE receiver.user_id <> latest.sender_id
    AND (receiver.read_until, receiver.read_message_id) < (latest.said_at, latest.message_id);

-- Down Migration
DROP VIEW chat.unread_latest;
DROP TABLE chat.latest_messages;
