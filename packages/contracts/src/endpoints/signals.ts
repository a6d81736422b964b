import { AlertmanagerWebhook } from '../alerts.ts';
import { endpoint } from '../endpoint.ts';
import {
  RemediationRequest,
  RemediationRequestPage,
  RemediationRequestsQuery,
} from '../remediation-requests.ts';
import { SignalReplies, SignalReply } from '../signals.ts';
import { KubernetesEvent } from '../signals-kubernetes-event.ts';

const tag = 'Signals';
/** Replies to deliveries have no envelope, because senders expect this form. */
const deliveryReplies = {
  201: {
    description: 'At least one remediation request was created.',
    schema: SignalReply.or(SignalReplies),
  },
  202: {
    description: 'No remediation request was needed.',
    schema: SignalReply.or(SignalReplies),
  },
};

export const receivePrometheusAlerts = endpoint({
  route: 'POST /api/v1/signals/prometheus',
  id: 'receivePrometheusAlerts',
  action: 'signals/prometheus',
  tag,
  summary: 'Receive alerts from Alertmanager (webhook version 4)',
  description:
    'A firing alert gets a remediation request, unless it has one or belongs to a storm; a resolved alert closes its request. Malformed alerts are refused with VALIDATION_ERROR after the others were accepted. While Redis or the store is down, the delivery is refused with 503 and Alertmanager retries.',
  auth: 'signals_token',
  body: AlertmanagerWebhook,
  // The handler cuts each alert that is nested too deeply.
  maxBodyLevels: Number.POSITIVE_INFINITY,
  otherReplies: deliveryReplies,
  errors: [],
});

export const receiveKubernetesEvent = endpoint({
  route: 'POST /api/v1/signals/kubernetes-event',
  id: 'receiveKubernetesEvent',
  action: 'signals/kubernetes-event',
  tag,
  summary: 'Receive one Kubernetes event',
  description:
    'The event counts as firing, Normal or Warning, and no event closes a remediation request. While Redis or the store is down, the event is refused with 503; retry it.',
  auth: 'signals_token',
  body: KubernetesEvent,
  maxBodyLevels: Number.POSITIVE_INFINITY,
  otherReplies: deliveryReplies,
  errors: [],
});

export const listRemediationRequests = endpoint({
  route: 'GET /api/v1/remediation-requests',
  id: 'listRemediationRequests',
  action: 'listing remediation requests',
  tag,
  summary: 'List remediation requests, newest first',
  description:
    '`status` selects open (Pending) or closed (Resolved) requests, `alertname` selects those of one name.',
  auth: 'signals_token',
  query: RemediationRequestsQuery,
  reply: RemediationRequestPage,
  errors: [],
});

export const adminListRemediationRequests = endpoint({
  route: 'GET /api/v1/admin/remediation-requests',
  id: 'adminListRemediationRequests',
  action: 'listing remediation requests for administrators',
  tag: 'Administration',
  summary: 'List remediation requests, newest first, as an administrator',
  description: 'The same list that signal sources read with their token.',
  auth: 'bearer',
  role: 'admin',
  query: RemediationRequestsQuery,
  reply: RemediationRequestPage,
  errors: [],
});

export const getRemediationRequest = endpoint({
  route: 'GET /api/v1/remediation-requests/:name',
  id: 'getRemediationRequest',
  action: 'reading a remediation request',
  tag,
  summary: 'Get one remediation request',
  description:
    '`name` is the `remediationRequestName` in the reply to a delivery. The request has the JSON that arrived.',
  auth: 'signals_token',
  reply: RemediationRequest,
  errors: ['NOT_FOUND'],
});
