-- Up Migration
-- A note is written once in a while in a busy conversation, so that its speakers do not wait for each
-- other's row: it says that something was said, and the latest message is that of chat.messages, if
-- there is a later one. Where messages are in Cassandra, there is none, and each message is noted.
CREATE OR REPLACE VIEW chat.unread_latest AS
  SELECT noted.conversation_id, latest.message_id, latest.sender_id, noted.noted_at,
    receiver.user_id
  FROM chat.latest_messages AS noted
  CROSS JOIN LATERAL (
    SELECT message_id, sender_id, said_at FROM (
      (SELECT message_id, sender_id, created_at AS said_at FROM chat.messages
       WHERE messages.conversation_id = noted.conversation_id
       ORDER BY created_at DESC, message_id DESC LIMIT 1)
      UNION ALL SELECT noted.message_id, noted.sender_id, noted.said_at
    ) AS either ORDER BY said_at DESC, message_id DESC LIMIT 1
  ) AS latest
  JOIN chat.participants AS receiver ON receiver.conversation_id = noted.conversation_id
  WHERE receiver.user_id <> latest.sender_id
    AND (receiver.read_until, receiver.read_message_id) < (latest.said_at, latest.message_id);

-- Down Migration
CREATE OR REPLACE VIEW chat.unread_latest AS
  SELECT latest.conversation_id, latest.message_id, latest.sender_id, latest.noted_at,
    receiver.user_id
  FROM chat.latest_messages AS latest JOIN chat.participants AS receiver
    ON receiver.conversation_id = latest.conversation_id
  WHERE receiver.user_id <> latest.sender_id
    AND (receiver.read_until, receiver.read_message_id) < (latest.said_at, latest.message_id);
