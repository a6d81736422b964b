-- Up Migration
-- Messages that forwarded a file, with the origin and the user. Storage decides who
-- may download the file (chat.forwarded_files); this table grants nothing.
CREATE TABLE chat.file_forwards (
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  file_id uuid NOT NULL,
  from_conversation_id uuid NOT NULL,
  forwarded_by uuid NOT NULL,
  PRIMARY KEY (conversation_id, message_id)
);
CREATE INDEX file_forwards_by_file ON chat.file_forwards (file_id);

-- Chat's view for storage.
CREATE VIEW chat.forwarded_files AS
  SELECT file_id, from_conversation_id, conversation_id, forwarded_by FROM chat.file_forwards;

-- Down Migration
DROP VIEW chat.forwarded_files;
DROP TABLE chat.file_forwards;
