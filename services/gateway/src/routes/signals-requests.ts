import type {
  RemediationRequest,
  RemediationRequestPage,
  RemediationRequestsQuery,
} from '@secureconnect/contracts';
import { signals } from '@secureconnect/contracts/endpoints';
import { ApiError, decodePosition, type Position, toPage } from '@secureconnect/service';
import type { RemediationSink, RequestPosition } from '../signals/sink.ts';
import { needsRemediationRequests, route } from './route.ts';

export const signalRequestRoutes = {
  listRemediationRequests: route(
    signals.listRemediationRequests,
    needsRemediationRequests,
    ({ query }, { remediationRequests }) => listRequests(remediationRequests, query),
  ),
  adminListRemediationRequests: route(
    signals.adminListRemediationRequests,
    needsRemediationRequests,
    ({ query }, { remediationRequests }) => listRequests(remediationRequests, query),
  ),
  getRemediationRequest: route(
    signals.getRemediationRequest,
    needsRemediationRequests,
    async ({ params }, { remediationRequests }) => {
      const request = await remediationRequests.find(params.name);
      if (request !== undefined) return request;
      throw new ApiError('NOT_FOUND', 'There is no such remediation request.');
    },
  ),
};

async function listRequests(
  sink: RemediationSink,
  { status, alertname, cursor, limit }: RemediationRequestsQuery,
): Promise<RemediationRequestPage> {
  const found = await sink.list({
    phase: status,
    signalName: alertname,
    after: cursor === undefined ? undefined : requestPosition(cursor),
    limit: limit + 1,
  });
  const { entries: items, next } = toPage(found, limit, positionOf);
  return { items, next_cursor: next };
}

const positionOf = ({ receivedTime, name }: RemediationRequest): Position => ({
  at: new Date(receivedTime),
  id: name,
});

function requestPosition(cursor: string): RequestPosition {
  const { at: receivedAt, id: name } = decodePosition(cursor, 'cursor', 'name');
  return { receivedAt, name };
}
