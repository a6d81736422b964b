import type { RemediationRequest } from '@secureconnect/contracts';
import { signals } from '@secureconnect/contracts/endpoints';
import { ApiError, decodePosition, type Position, toPage } from '@secureconnect/service';
import type { RequestPosition } from '../signals/sink.ts';
import { route } from './route.ts';

export const signalRequestRoutes = {
  listRemediationRequests: route(
    signals.listRemediationRequests,
    {},
    async ({ context, query }) => {
      const found = await context.signals.sink.list({
        phase: query.status,
        signalName: query.alertname,
        after: query.cursor === undefined ? undefined : requestPosition(query.cursor),
        limit: query.limit + 1,
      });
      const { entries: items, next } = toPage(found, query.limit, positionOf);
      return { items, next_cursor: next };
    },
  ),
  getRemediationRequest: route(signals.getRemediationRequest, {}, async ({ context, params }) => {
    const request = await context.signals.sink.find(params.name);
    if (request !== undefined) return request;
    throw new ApiError('NOT_FOUND', 'There is no such remediation request.');
  }),
};

const positionOf = ({ receivedTime, name }: RemediationRequest): Position => ({
  at: new Date(receivedTime),
  id: name,
});

function requestPosition(cursor: string): RequestPosition {
  const { at: receivedAt, id: name } = decodePosition(cursor, 'cursor', 'name');
  return { receivedAt, name };
}
