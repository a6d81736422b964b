-- Up Migration
-- A conversation keeps one of its live calls: an answered one if there is one, and the newest of
-- these.
UPDATE video.calls SET status = 'ended', ended_at = now(), end_reason = 'everyone_left'
WHERE status IN ('ringing', 'active') AND EXISTS (
  SELECT 1 FROM video.calls AS other
  WHERE other.conversation_id = calls.conversation_id AND other.status IN ('ringing', 'active')
    AND (other.status = 'active', other.created_at, other.call_id)
      > (calls.status = 'active', calls.created_at, calls.call_id)
);
UPDATE video.call_participants SET state = CASE state WHEN 'joined' THEN 'left' ELSE 'missed' END
WHERE state IN ('joined', 'ringing') AND EXISTS (
  SELECT 1 FROM video.calls
  WHERE calls.call_id = call_participants.call_id AND status NOT IN ('ringing', 'active')
);

-- Down Migration
SELECT 1;
