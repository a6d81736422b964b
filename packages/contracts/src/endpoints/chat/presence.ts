import { endpoint } from '../../endpoint.ts';
import {
  NewPresence,
  PRESENCE_USERS_MAX,
  Presence,
  PresenceList,
  PresenceQuery,
} from '../../presence.ts';

export const setPresence = endpoint({
  route: 'POST /v1/presence',
  id: 'setPresence',
  action: 'presence',
  tag: 'Presence',
  summary: 'Set whether you are online; online lapses after a minute',
  description: 'Offline overrides open sockets until you open a further one.',
  auth: 'bearer',
  body: NewPresence,
  reply: Presence,
  errors: [],
});

export const getPresence = endpoint({
  route: 'GET /v1/presence',
  id: 'getPresence',
  action: 'presence of others',
  tag: 'Presence',
  summary: 'Get who is online; users who have blocked you look offline',
  description: `A user is online while a socket is open, and for a minute after POST /v1/presence. \`user_ids\` names at most ${PRESENCE_USERS_MAX} users.`,
  auth: 'bearer',
  query: PresenceQuery,
  reply: PresenceList,
  errors: [],
});
