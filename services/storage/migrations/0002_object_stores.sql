-- Up Migration

-- The checksum that the client announced, to compare with the uploaded bytes.
ALTER TABLE storage.files ADD COLUMN announced_sha256 TEXT;

-- For uploads in parts: the size of each part, except the last one. upload_id is the id of the
-- upload in an S3.
ALTER TABLE storage.files ADD COLUMN part_bytes BIGINT CHECK (part_bytes > 0);
ALTER TABLE storage.files ADD COLUMN upload_id TEXT;

-- Counts how often uploaded bytes were refused. A request that completes a file must know the
-- current count, so refused bytes can never become the file's.
ALTER TABLE storage.files ADD COLUMN generation INT NOT NULL DEFAULT 0;

-- Quarantined: all bytes have arrived, but the scan hook has not yet found them clean. Such a file
-- keeps its reservation. scan_due is the time of the next request to the hook.
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

-- Parts that this service has received itself; an S3 has its own list.
CREATE TABLE storage.parts (
  file_id UUID NOT NULL,
  part_number INT NOT NULL,
  object_id UUID NOT NULL,
  size_bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (file_id, part_number)
);

-- For the command that compares the object store with the rows.
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
