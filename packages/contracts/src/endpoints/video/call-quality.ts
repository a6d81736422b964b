import {
  QUALITY_CONNECTIONS_MAX,
  QUALITY_REPORT_MINUTES,
  QualityReport,
  StoredQualityReport,
} from '../../call-quality.ts';
import { endpoint } from '../../endpoint.ts';

export const reportCallQuality = endpoint({
  route: 'POST /v1/calls/:call_id/quality',
  id: 'reportCallQuality',
  action: 'calls/quality',
  tag: 'Calls',
  summary: 'Report how well a connection of a call works (idempotent per sequence)',
  description: `A summary of getStats, from users who are or were in the call, until ${QUALITY_REPORT_MINUTES} minutes after its end. The newest report on each connection is kept for 30 days. Refused with CONFLICT later, for users who have not been in the call, and for more than ${QUALITY_CONNECTIONS_MAX} connections of a user.`,
  auth: 'bearer',
  body: QualityReport,
  reply: StoredQualityReport,
  errors: ['NOT_FOUND', 'CONFLICT'],
  limit: { bucket: 'call-quality', perMinute: 60, countedBy: 'user' },
});
