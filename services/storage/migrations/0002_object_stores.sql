-- Up Migration

-- What the client announced of its bytes, to be compared with what arrives.
ALTER TABLE storage.files ADD COLUMN announced_sha256 TEXT;

-- Files that come in parts: of this size, the last one smaller. upload_id is how an S3 calls such an
-- upload.
ALTER TABLE storage.files ADD COLUMN part_bytes BIGINT CHECK (part_bytes > 0);
ALTER TABLE storage.files ADD COLUMN upload_id TEXT;

-- Counts how often what had arrived was refused: who completes a file must have seen the last count,
-- so bytes that are being thrown away can never become the file's.
ALTER TABLE storage.files ADD COLUMN generation INT NOT NULL DEFAULT 0;

-- Quarantined: all bytes are there and the scan hook has not said yet that they are clean. Such a
-- file holds its reservation. scan_due is when the hook is asked next.
ALTER TABLE storage.files ADD COLUMN scan_attempts INT NOT NULL DEFAULT 0;
ALTER TABLE storage.files ADD COLUMN scan_due TIMESTAMPTZ;
-- PostgreSQL and CockroachDB name the check of 0001 differently.
ALTER TABLE storage.files DROP CONSTRAINT IF EXISTS files_status_check;
ALTER TABLE storage.files DROP CONSTRAINT IF EXISTS check_status;
ALTER TABLE storage.files ADD CONSTRAINT files_status
  CHECK (status IN ('pending', 'quarantined', 'uploaded', 'deleted'));
ALTER TABLE storage.files ADD CONSTRAINT files_quarantined
  CHECK (status <> 'quarantined' OR (object_id IS NOT NULL AND sha256 IS NOT NULL));

CREATE INDEX files_quarantined_by_due ON storage.files (scan_due) WHERE status = 'quarantined';

-- Parts that this service has received itself; an S3 keeps its own list.
CREATE TABLE storage.parts (
  file_id UUID NOT NULL,
  part_number INT NOT NULL,
  object_id UUID NOT NULL,
  size_bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (file_id, part_number)
);

-- Whose object is this? For the command that compares the store with the rows.
CREATE INDEX files_by_object ON storage.files (object_id) WHERE object_id IS NOT NULL;

-- Down Migration

DROP INDEX storage.files_by_object;
DROP TABLE storage.parts;
DROP INDEX storage.files_quarantined_by_due;
ALTER TABLE storage.files DROP CONSTRAINT files_quarantined;
ALTER TABLE storage.files DROP CONSTRAINT files_status;
ALTER TABLE storage.files ADD CONSTRAINT files_status_check
  CHECK (status IN ('pending', 'uploaded', 'deleted'));
ALTER TABLE storage.files DROP COLUMN scan_due;
ALTER TABLE storage.files DROP COLUMN scan_attempts;
ALTER TABLE storage.files DROP COLUMN generation;
ALTER TABLE storage.files DROP COLUMN upload_id;
ALTER TABLE storage.files DROP COLUMN part_bytes;
ALTER TABLE storage.files DROP COLUMN announced_sha256;
