-- Up Migration
CREATE TABLE gateway.remediation_requests (
  name text PRIMARY KEY,
  namespace text NOT NULL,
  signal_fingerprint text NOT NULL,
  signal_name text NOT NULL,
  severity text NOT NULL,
  environment text NOT NULL,
  priority text NOT NULL,
  remediation_path text NOT NULL,
  signal_type text NOT NULL,
  signal_source text NOT NULL,
  target_type text NOT NULL,
  firing_time timestamptz NOT NULL,
  received_time timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  occurrence_count bigint NOT NULL DEFAULT 1,
  previous_request text,
  -- Both are set for a storm, otherwise neither.
  storm_type text,
  storm_window text,
  signal_labels jsonb NOT NULL,
  signal_annotations jsonb NOT NULL,
  provider_data jsonb NOT NULL,
  -- The JSON as it arrived: jsonb would refuse some valid JSON.
  original_payload text NOT NULL,
  overall_phase text NOT NULL DEFAULT 'Pending',
  closed_at timestamptz
);

-- Ensures that an active signal has one request, whatever the state of Redis and the gateways.
CREATE UNIQUE INDEX remediation_requests_one_active
  ON gateway.remediation_requests (signal_fingerprint) WHERE closed_at IS NULL;
CREATE INDEX remediation_requests_by_fingerprint
  ON gateway.remediation_requests (signal_fingerprint, received_time);
CREATE INDEX remediation_requests_by_time
  ON gateway.remediation_requests (received_time, name);
CREATE INDEX remediation_requests_by_signal_name
  ON gateway.remediation_requests (signal_name, received_time, name);

-- The signals that are aggregated into the request of a storm.
CREATE TABLE gateway.storm_members (
  request_name text NOT NULL REFERENCES gateway.remediation_requests (name),
  signal_fingerprint text NOT NULL,
  -- namespace:Kind:name
  resource text NOT NULL,
  firing_time timestamptz NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  occurrence_count bigint NOT NULL DEFAULT 1,
  closed_at timestamptz,
  PRIMARY KEY (request_name, signal_fingerprint, first_seen)
);
CREATE UNIQUE INDEX storm_members_one_active
  ON gateway.storm_members (signal_fingerprint) WHERE closed_at IS NULL;

-- Down Migration
DROP TABLE gateway.storm_members;
DROP TABLE gateway.remediation_requests;
