-- Up Migration
-- The log names messages, and holds nothing of what they say: that may be edited and deleted.
UPDATE chat.events SET data = jsonb_build_object('message_id', data -> 'message_id')
WHERE type IN ('chat', 'edited');

-- Down Migration
-- What the version before this one would tell of without a word. Clients read the history.
DELETE FROM chat.events WHERE type IN ('chat', 'edited');
