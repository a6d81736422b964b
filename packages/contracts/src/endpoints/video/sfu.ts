import { endpoint } from '../../endpoint.ts';
import { SfuAccess, SfuEventReceipt } from '../../sfu.ts';

export const getSfuToken = endpoint({
  route: 'GET /v1/calls/:call_id/sfu-token',
  id: 'getSfuToken',
  action: 'calls/sfu-token',
  tag: 'Calls',
  summary: 'Get a token for the LiveKit room of a call that you are in',
  description:
    'For calls with the topology sfu; refused with CONFLICT for others, and where you are not in the call or it is over. The token is for connecting, soon: ask for a new one before each connection.',
  auth: 'bearer',
  reply: SfuAccess,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const receiveSfuEvent = endpoint({
  route: 'POST /v1/calls/sfu-events',
  id: 'receiveSfuEvent',
  action: 'calls/sfu-events',
  tag: 'Calls',
  summary: 'Receive a webhook of LiveKit (idempotent per event)',
  description:
    'LiveKit signs each event with the API secret, in the Authorization header without "Bearer". Events that are not signed so are refused with UNAUTHORIZED; without an SFU, all are refused with NOT_FOUND.',
  auth: 'none',
  rawBody: {
    description: 'A WebhookEvent of LiveKit, as signed.',
    mediaType: 'application/webhook+json',
  },
  reply: SfuEventReceipt,
  errors: ['UNAUTHORIZED', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE'],
  limit: { bucket: 'sfu-events', perMinute: 6000, countedBy: 'address' },
});
