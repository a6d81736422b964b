import {
  RemediationRequest,
  RemediationRequestPage,
  RemediationRequestsQuery,
} from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import { authorizeSignals } from './authorize-signals.ts';
import { cursorOf, positionOf } from './request-cursor.ts';
import { route } from './route.ts';

export const signalRequestRoutes = [
  route.get(
    '/api/v1/remediation-requests',
    {
      operation: 'listing remediation requests',
      summary: 'Lists remediation requests, newest first, with the token of signals',
      auth: 'none',
      authorize: authorizeSignals,
      query: RemediationRequestsQuery,
      reply: RemediationRequestPage,
      whenRedisDown: {},
    },
    async ({ context, query }) => {
      const found = await context.signals.sink.list({
        phase: query.status,
        signalName: query.alertname,
        after: query.cursor === undefined ? undefined : positionOf(query.cursor),
        limit: query.limit + 1,
      });
      const items = found.slice(0, query.limit);
      const last = found.length > items.length ? items.at(-1) : undefined;
      return { items, next_cursor: last === undefined ? null : cursorOf(last) };
    },
  ),
  route.get(
    '/api/v1/remediation-requests/:name',
    {
      operation: 'reading a remediation request',
      summary: 'Reads one remediation request, with the token of signals',
      auth: 'none',
      authorize: authorizeSignals,
      reply: RemediationRequest,
      whenRedisDown: {},
    },
    async ({ context, params }) => {
      const request = await context.signals.sink.find(params.name);
      if (request !== undefined) return request;
      throw new ApiError('NOT_FOUND', 'There is no such remediation request.');
    },
  ),
];
