-- Up Migration
-- Chat's view for other services: users with a direct conversation. Each conversation
-- appears twice, once for each user.
CREATE VIEW chat.direct_pairs AS
  SELECT conversation_id, own.user_id, other.user_id AS other_id
  FROM chat.conversations
  JOIN chat.participants AS own USING (conversation_id)
  JOIN chat.participants AS other USING (conversation_id)
  WHERE type = 'direct' AND own.user_id <> other.user_id;

-- Down Migration
DROP VIEW chat.direct_pairs;
