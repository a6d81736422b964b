import type { ServerResponse } from 'node:http';
import { failClosed } from '@secureconnect/degraded-mode';
import type { Mutation } from './mutation.ts';

const refusedByHandler = () => ({
  remediationRequests: failClosed({ retryAfterSeconds: 5, checkedAt: 'call' }),
});

/** A store that has no request. */
const nowhere = { list: async () => [], find: async () => undefined };

/** Rows of the store of remediation requests that are served otherwise than they are declared. */
export const remediationStoreMutations: readonly Mutation[] = [
  {
    what: 'a list of requests is empty where they cannot be read',
    service: 'gateway',
    route: 'GET /api/v1/remediation-requests',
    handle: (declared) => (request) => declared(request, { remediationRequests: nowhere }),
    alterDown: refusedByHandler,
    said: /200 instead of 503/,
  },
  {
    what: 'the list of administrators is refused for longer',
    service: 'gateway',
    route: 'GET /api/v1/admin/remediation-requests',
    alterDown: () => ({ remediationRequests: failClosed({ retryAfterSeconds: 30 }) }),
    said: /Retry-After 30/,
  },
  {
    what: 'a request that cannot be read is told to be none',
    service: 'gateway',
    route: 'GET /api/v1/remediation-requests/:name',
    handle: (declared) => (request) => declared(request, { remediationRequests: nowhere }),
    alterDown: refusedByHandler,
    said: /404 instead of 503/,
  },
  {
    what: 'a delivery is refused where its handler begins, not before',
    service: 'gateway',
    route: 'POST /api/v1/signals/prometheus',
    alterDown: refusedByHandler,
    said: /mode: 'fail_closed'/,
  },
  {
    what: 'an event is told as stored, and kept nowhere',
    service: 'gateway',
    route: 'POST /api/v1/signals/kubernetes-event',
    handle: () => async (request) => {
      const { outgoing } = request as { readonly outgoing: ServerResponse };
      outgoing.writeHead(201).end('{}');
    },
    alterDown: refusedByHandler,
    said: /201 instead of 503.*stored 0 times instead of 1/,
  },
];
