import { DeviceSessionEnded, DeviceSessionPage, OtherSessionsEnded } from '../../devices.ts';
import { endpoint } from '../../endpoint.ts';
import { PageQuery } from '../../page.ts';

export const listSessions = endpoint({
  route: 'GET /v1/users/me/sessions',
  id: 'listSessions',
  action: 'listing sessions',
  tag: 'Sign-in',
  summary: 'List your sessions with their devices, newest first',
  description:
    'Lists sessions that have neither ended nor expired; `current` marks the session of this request. `last_seen_at` is precise to the life of an access token.',
  auth: 'bearer',
  query: PageQuery,
  reply: DeviceSessionPage,
  errors: [],
});

export const endSession = endpoint({
  route: 'DELETE /v1/users/me/sessions/:session_id',
  id: 'endSession',
  action: 'ending sessions',
  tag: 'Sign-in',
  summary: 'End one of your sessions (idempotent)',
  description: 'Its tokens are refused and its sockets are closed, as after a logout there.',
  auth: 'bearer',
  reply: DeviceSessionEnded,
  errors: ['NOT_FOUND'],
});

export const endOtherSessions = endpoint({
  route: 'DELETE /v1/users/me/sessions',
  id: 'endOtherSessions',
  action: 'ending other sessions',
  tag: 'Sign-in',
  summary: 'End all of your sessions except this one (idempotent)',
  description:
    'Their tokens are refused and their sockets are closed. `ended` counts the sessions that this request ended.',
  auth: 'bearer',
  reply: OtherSessionsEnded,
  errors: [],
});
