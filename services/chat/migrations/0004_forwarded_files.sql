-- Up Migration
-- Which messages forwarded a file, from which conversation and by whom. Storage decides what follows
-- from it (chat.forwarded_files); nothing here says that anybody may download anything.
CREATE TABLE chat.file_forwards (
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  file_id uuid NOT NULL,
  from_conversation_id uuid NOT NULL,
  forwarded_by uuid NOT NULL,
  PRIMARY KEY (conversation_id, message_id)
);
CREATE INDEX file_forwards_by_file ON chat.file_forwards (file_id);

-- What chat shows storage.
CREATE VIEW chat.forwarded_files AS
  SELECT file_id, from_conversation_id, conversation_id, forwarded_by FROM chat.file_forwards;

-- Down Migration
DROP VIEW chat.forwarded_files;
DROP TABLE chat.file_forwards;
