-- Up Migration

-- Allows empty files. PostgreSQL and CockroachDB name the check of 0001 differently.
ALTER TABLE storage.files DROP CONSTRAINT IF EXISTS files_file_size_check;
ALTER TABLE storage.files DROP CONSTRAINT IF EXISTS check_file_size;
ALTER TABLE storage.files ADD CONSTRAINT files_size CHECK (file_size >= 0);

-- The last decision of a file's owner about a conversation: whether its participants may download
-- the file. The conversation that a file was uploaded to is in storage.files.
CREATE TABLE storage.file_shares (
  file_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  shared BOOLEAN NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (file_id, conversation_id)
);

-- Down Migration

DROP TABLE storage.file_shares;
ALTER TABLE storage.files DROP CONSTRAINT files_size;
ALTER TABLE storage.files ADD CONSTRAINT files_file_size_check CHECK (file_size > 0) NOT VALID;
