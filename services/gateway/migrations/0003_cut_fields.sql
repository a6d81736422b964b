-- Up Migration
-- Fields that were truncated to be stored: ["signalAnnotations.summary"]
ALTER TABLE gateway.remediation_requests ADD COLUMN cut_fields jsonb NOT NULL DEFAULT '[]';

-- Down Migration
ALTER TABLE gateway.remediation_requests DROP COLUMN cut_fields;
