-- Up Migration
-- Exports of all data of a person. A service writes its part into the tables below; storage composes
-- the archive from them and the files.
CREATE TABLE auth.data_exports (
  export_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (user_id),
  requested_at timestamptz NOT NULL DEFAULT now(),
  -- When every part was written.
  ready_at timestamptz,
  expires_at timestamptz NOT NULL
);
CREATE INDEX data_exports_by_user ON auth.data_exports (user_id);
CREATE INDEX data_exports_by_expiry ON auth.data_exports (expires_at);
CREATE INDEX data_exports_in_progress ON auth.data_exports (requested_at) WHERE ready_at IS NULL;

-- The services write only this table, auth.export_chunks, auth.erased_parts and
-- auth.used_socket_tickets of the schema.
CREATE TABLE auth.export_parts (
  export_id uuid NOT NULL REFERENCES auth.data_exports (export_id) ON DELETE CASCADE,
  part text NOT NULL,
  -- The attempt that is writing, or has written, this part. Chunks of earlier ones do not count.
  attempt_id uuid NOT NULL,
  leased_until timestamptz NOT NULL,
  written_at timestamptz,
  -- Of the whole text, in hexadecimal.
  sha256 text,
  size_bytes bigint,
  -- The number of entries in each list, as JSON.
  entries text,
  PRIMARY KEY (export_id, part)
);

-- The JSON text of a part in pieces, each compressed by gzip.
CREATE TABLE auth.export_chunks (
  export_id uuid NOT NULL REFERENCES auth.data_exports (export_id) ON DELETE CASCADE,
  part text NOT NULL,
  attempt_id uuid NOT NULL,
  position integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (export_id, part, attempt_id, position)
);

-- Links to archives. Only hashes are stored.
CREATE TABLE auth.export_links (
  token_hash bytea PRIMARY KEY,
  export_id uuid NOT NULL REFERENCES auth.data_exports (export_id) ON DELETE CASCADE,
  -- The session that created it: a link ends with its session.
  session_id uuid NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX export_links_by_export ON auth.export_links (export_id);
CREATE INDEX export_links_by_expiry ON auth.export_links (expires_at);

-- What auth shows the services that write parts.
CREATE VIEW auth.exports_to_write AS
  SELECT export_id, user_id, requested_at FROM auth.data_exports
  WHERE ready_at IS NULL AND expires_at > now();

-- What auth shows storage, which sends the archives.
CREATE VIEW auth.exports_to_send AS
  SELECT token_hash, link.export_id, export.user_id, requested_at, ready_at
  FROM auth.export_links AS link
  JOIN auth.data_exports AS export ON export.export_id = link.export_id
  JOIN auth.sessions AS session ON session.session_id = link.session_id
  WHERE link.expires_at > now() AND export.expires_at > now() AND ready_at IS NOT NULL
    AND session.ended_at IS NULL;
CREATE VIEW auth.export_contents AS
  SELECT export_id, part, position, content
  FROM auth.export_chunks JOIN auth.export_parts USING (export_id, part, attempt_id)
  WHERE written_at IS NOT NULL;
CREATE VIEW auth.written_export_parts AS
  SELECT export_id, part, sha256, size_bytes, entries
  FROM auth.export_parts WHERE written_at IS NOT NULL;

-- Down Migration
DROP VIEW auth.written_export_parts;
DROP VIEW auth.export_contents;
DROP VIEW auth.exports_to_send;
DROP VIEW auth.exports_to_write;
DROP TABLE auth.export_links;
DROP TABLE auth.export_chunks;
DROP TABLE auth.export_parts;
DROP TABLE auth.data_exports;
