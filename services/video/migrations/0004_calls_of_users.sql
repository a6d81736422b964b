-- Up Migration
-- For the erasure of deleted accounts.
CREATE INDEX call_participants_by_user ON video.call_participants (user_id);
CREATE INDEX calls_by_host ON video.calls (host_id);

-- Down Migration
DROP INDEX video.calls_by_host;
DROP INDEX video.call_participants_by_user;
