-- Up Migration
UPDATE video.call_participants SET called_at = date_trunc('milliseconds', calls.created_at)
FROM video.calls WHERE calls.call_id = call_participants.call_id;
CREATE INDEX call_participants_history
  ON video.call_participants (user_id, called_at DESC, call_id DESC);
-- The new index serves its queries too.
DROP INDEX video.call_participants_by_user;

-- Down Migration
CREATE INDEX call_participants_by_user ON video.call_participants (user_id);
DROP INDEX video.call_participants_history;
