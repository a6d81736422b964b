-- Up Migration
ALTER TABLE video.calls ALTER COLUMN counted SET DEFAULT false;
CREATE INDEX calls_uncounted ON video.calls (call_id) WHERE NOT counted;

-- Down Migration
DROP INDEX video.calls_uncounted;
ALTER TABLE video.calls ALTER COLUMN counted SET DEFAULT true;
