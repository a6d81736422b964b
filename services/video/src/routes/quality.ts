import { video } from '@secureconnect/contracts/endpoints';
import { reportQuality } from '../quality/report-quality.ts';
import { route } from './route.ts';

const report = route(video.reportCallQuality, {}, async ({ user, params, body, context }) => {
  const part = { callId: params.call_id, userId: user.userId };
  const { sequence, change } = await reportQuality(context.database, part, body);
  if (change !== undefined) context.callMetrics.reported(change.before, body.summary);
  return { call_id: part.callId, connection_id: body.connection_id, sequence };
});

export const qualityRoutes = { reportCallQuality: report };
