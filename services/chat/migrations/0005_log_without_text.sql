-- Up Migration
-- The log names messages without their text, because messages can be edited and
-- deleted.
UPDATE chat.events SET data = jsonb_build_object('message_id', data -> 'message_id')
WHERE type IN ('chat', 'edited');

-- Down Migration
-- Entries that the previous version would send without text. Clients read the
-- history.
DELETE FROM chat.events WHERE type IN ('chat', 'edited');
