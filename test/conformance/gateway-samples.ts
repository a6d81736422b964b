import { randomUUID } from 'node:crypto';
import type { Sample, StoredEffect } from '@secureconnect/testkit';
import { fingerprintOf } from '../../services/gateway/src/signals/fingerprint.ts';
import { signalsToken } from '../support/stack.ts';

const absent = (path: string): Sample => ({
  status: 404,
  prepare: async (world) => ({ path, token: (await world.knownUser()).token }),
});

/** A name that no other signal has, so that none is a duplicate or part of a storm. */
const ownName = () => `Sample${randomUUID().slice(0, 8)}`;

/** That a Pod has an active remediation request, made by this delivery alone. */
const hasRequest = (name: string, pod: string): StoredEffect => ({
  count: `SELECT count(*) FROM gateway.remediation_requests
    WHERE signal_fingerprint = $1 AND closed_at IS NULL AND occurrence_count = 1`,
  values: [fingerprintOf({ name, namespace: 'payments', resource: { kind: 'Pod', name: pod } })],
});

const alerts: Sample = {
  status: 201,
  async prepare() {
    const name = ownName();
    const labels = { alertname: name, namespace: 'payments', severity: 'critical' };
    const startsAt = new Date().toISOString();
    const body = {
      version: '4',
      receiver: 'secureconnect',
      alerts: ['a', 'b'].map((pod) => ({
        status: 'firing',
        labels: { ...labels, pod },
        annotations: { summary: 'A sample' },
        startsAt,
      })),
    };
    const effect = [hasRequest(name, 'a'), hasRequest(name, 'b')] as const;
    return { path: '/api/v1/signals/prometheus', token: signalsToken, body, effect };
  },
};

const event: Sample = {
  status: 201,
  async prepare() {
    const reason = ownName();
    const body = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `a.${reason}`, namespace: 'payments', uid: randomUUID() },
      involvedObject: { kind: 'Pod', namespace: 'payments', name: 'a' },
      reason,
      message: 'A sample',
      type: 'Warning',
      lastTimestamp: new Date().toISOString(),
    };
    const effect = hasRequest(reason, 'a');
    return { path: '/api/v1/signals/kubernetes-event', token: signalsToken, body, effect };
  },
};

const anybodys = (path: string) => ({ status: 200, prepare: async () => ({ path }) });
const withToken = (path: string) => async () => ({ path, token: signalsToken });

/**
 * For the rows that the gateway answers by itself, and for those behind which no service has a row
 * yet.
 */
export const gatewaySamples: Readonly<Record<string, Sample & { readonly method: string }>> = {
  'ANY /api/v1{/*rest}': { method: 'GET', ...absent('/api/v1/none') },
  'ANY /{*rest}': { method: 'GET', ...absent('/none') },
  'POST /api/v1/signals/prometheus': { method: 'POST', ...alerts },
  'POST /api/v1/signals/kubernetes-event': { method: 'POST', ...event },
  'GET /api/v1/remediation-requests': {
    method: 'GET',
    status: 200,
    prepare: withToken('/api/v1/remediation-requests?status=Pending'),
  },
  'GET /api/v1/admin/remediation-requests': {
    method: 'GET',
    status: 200,
    async prepare(world) {
      const { userId, token } = await world.user();
      await world.makeAdmin(userId);
      return { path: '/api/v1/admin/remediation-requests?status=Pending', token };
    },
  },
  'GET /api/v1/remediation-requests/:name': {
    method: 'GET',
    status: 404,
    prepare: withToken('/api/v1/remediation-requests/rr-none'),
  },
  'GET /asyncapi.json': { method: 'GET', ...anybodys('/asyncapi.json') },
  // There is a switch only under npm start.
  'GET /console/demo/redis': {
    method: 'GET',
    status: 404,
    prepare: async () => ({ path: '/console/demo/redis' }),
  },
  'PUT /console/demo/redis': {
    method: 'PUT',
    status: 404,
    prepare: async () => ({
      path: '/console/demo/redis',
      body: { is_running: true },
      effect: 'none: there is nothing to switch',
    }),
  },
  'GET /console': { method: 'GET', ...anybodys('/console') },
  'GET /console/:page': { method: 'GET', ...anybodys('/console/demo') },
  'GET /console/:area/:page': { method: 'GET', ...anybodys('/console/operators/fleet') },
  'GET /docs': { method: 'GET', ...anybodys('/docs') },
  'GET /docs/:file': { method: 'GET', ...anybodys('/docs/page.js') },
};
