-- Up Migration
-- Access tokens issued before this moment are refused: the operator has ended all sessions. One row
-- per token would be millions of rows, and some tokens may have no row any more.
CREATE TABLE auth.token_cutoff (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  not_before timestamptz NOT NULL
);
CREATE INDEX sessions_open_by_start ON auth.sessions (created_at) WHERE ended_at IS NULL;

-- What auth shows the other services.
CREATE VIEW auth.tokens_not_before AS
  SELECT not_before FROM auth.token_cutoff;

-- Down Migration
DROP VIEW auth.tokens_not_before;
DROP INDEX auth.sessions_open_by_start;
DROP TABLE auth.token_cutoff;
