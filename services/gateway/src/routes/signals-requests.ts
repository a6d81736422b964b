import { signals } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { cursorOf, positionOf } from './request-cursor.ts';
import { route } from './route.ts';

export const signalRequestRoutes = {
  listRemediationRequests: route(
    signals.listRemediationRequests,
    {},
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
  getRemediationRequest: route(signals.getRemediationRequest, {}, async ({ context, params }) => {
    const request = await context.signals.sink.find(params.name);
    if (request !== undefined) return request;
    throw new ApiError('NOT_FOUND', 'There is no such remediation request.');
  }),
};
