-- Up Migration

-- How much of each user's quota is spent. One row per user, so that a reservation is one statement
-- that locks one row, even with many concurrent uploads.
CREATE TABLE storage.usage (
  user_id UUID PRIMARY KEY,
  used_bytes BIGINT NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
  reserved_bytes BIGINT NOT NULL DEFAULT 0 CHECK (reserved_bytes >= 0)
);

-- object_id and sha256 identify the bytes of the file: the last ones sent while it was pending.
CREATE TABLE storage.files (
  file_id UUID PRIMARY KEY,
  owner_id UUID NOT NULL,
  conversation_id UUID,
  file_name TEXT NOT NULL,
  file_size BIGINT NOT NULL CHECK (file_size > 0),
  content_type TEXT NOT NULL,
  is_encrypted BOOLEAN NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'uploaded', 'deleted')),
  object_id UUID,
  sha256 TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  reserved_until TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  CHECK (status <> 'uploaded' OR (object_id IS NOT NULL AND sha256 IS NOT NULL)),
  CHECK ((status = 'deleted') = (deleted_at IS NOT NULL))
);

CREATE INDEX files_of_owner ON storage.files (owner_id, created_at DESC, file_id DESC);
CREATE INDEX files_pending ON storage.files (reserved_until) WHERE status = 'pending';
CREATE INDEX files_deleted ON storage.files (deleted_at) WHERE status = 'deleted';

-- Objects that are or may be in the object store and belong to no file: they are being written or
-- removed.
CREATE TABLE storage.unattached_objects (
  object_id UUID PRIMARY KEY,
  since TIMESTAMPTZ NOT NULL
);

CREATE INDEX unattached_objects_by_age ON storage.unattached_objects (since);

-- Down Migration

DROP TABLE storage.unattached_objects;
DROP TABLE storage.files;
DROP TABLE storage.usage;
