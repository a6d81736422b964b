-- Up Migration
-- Users who left a conversation, whose messages in it stay: a deleted account is erased there too.
-- No reference: the conversation may be deleted.
CREATE TABLE chat.past_participants (
  conversation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
);
-- Senders in the past. Messages in Cassandra are not known here: see docs/accounts.md.
INSERT INTO chat.past_participants (conversation_id, user_id)
SELECT DISTINCT conversation_id, sender_id FROM chat.messages
WHERE NOT EXISTS (SELECT 1 FROM chat.participants AS now
  WHERE now.conversation_id = messages.conversation_id AND now.user_id = messages.sender_id);

-- Down Migration
DROP TABLE chat.past_participants;
