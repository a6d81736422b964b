-- Up Migration
CREATE TABLE chat.conversations (
  conversation_id uuid PRIMARY KEY,
  type text NOT NULL CHECK (type IN ('direct', 'group')),
  title text,
  created_by uuid NOT NULL,
  -- Both users of a direct conversation, sorted, so that a pair has one; null for groups.
  direct_key text CONSTRAINT conversations_direct_unique UNIQUE,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- The time of the last message, which orders the inbox. Not indexed, so that writes stay cheap.
  active_at timestamptz NOT NULL
);

CREATE TABLE chat.participants (
  conversation_id uuid NOT NULL REFERENCES chat.conversations (conversation_id),
  user_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  joined_at timestamptz NOT NULL,
  -- The newest message that this user has read, and its time.
  read_until timestamptz NOT NULL,
  read_message_id uuid NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX participants_by_user ON chat.participants (user_id, conversation_id);

-- Chat's view for other services: the participants of conversations.
CREATE VIEW chat.membership AS
  SELECT conversation_id, user_id FROM chat.participants;

-- Down Migration
DROP VIEW chat.membership;
DROP TABLE chat.participants;
DROP TABLE chat.conversations;
