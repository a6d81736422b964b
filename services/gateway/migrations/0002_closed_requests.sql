-- Up Migration
-- For the removal of requests that were closed long ago.
CREATE INDEX remediation_requests_by_closing
  ON gateway.remediation_requests (closed_at) WHERE closed_at IS NOT NULL;

-- Down Migration
DROP INDEX gateway.remediation_requests_by_closing;
