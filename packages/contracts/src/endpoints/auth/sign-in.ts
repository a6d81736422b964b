import { endpoint } from '../../endpoint.ts';
import { SignedIn } from '../../second-factor.ts';
import { LoggedOut, Login, Refresh, SocketTicket, Tokens } from '../../tokens.ts';
import { Registration } from '../../users.ts';

export const register = endpoint({
  route: 'POST /v1/auth/register',
  id: 'register',
  action: 'register',
  tag: 'Sign-in',
  summary: 'Create a user and log in',
  description:
    'The tokens are empty where no session could be started; log in later. Where addresses must be verified, the reply does not tell whether this one has an account; a mail does.',
  auth: 'none',
  body: Registration,
  reply: Tokens,
  status: 201,
  errors: ['CONFLICT'],
  limit: { bucket: 'register', perMinute: 5, countedBy: 'address' },
});

export const login = endpoint({
  route: 'POST /v1/auth/login',
  id: 'login',
  action: 'login',
  tag: 'Sign-in',
  summary: 'Log in with an e-mail address and a password',
  description:
    'An account with a second factor gets a challenge instead of tokens: POST /v1/auth/login/second-factor.',
  auth: 'none',
  body: Login,
  reply: SignedIn,
  errors: ['UNAUTHORIZED', 'EMAIL_NOT_VERIFIED', 'ACCOUNT_LOCKED'],
  limit: { bucket: 'login', perMinute: 10, countedBy: 'address' },
});

export const refresh = endpoint({
  route: 'POST /v1/auth/refresh',
  id: 'refresh',
  action: 'refresh',
  tag: 'Sign-in',
  summary: 'Exchange a refresh token for a new pair',
  description:
    'Sent again within 10 seconds, the same token gives the same pair. Later the session ends: one of two senders stole it.',
  auth: 'none',
  body: Refresh,
  reply: Tokens,
  errors: ['UNAUTHORIZED', 'NOT_FOUND'],
  limit: {
    bucket: 'refresh',
    perMinute: 10,
    countedBy: 'session',
    // 256 bits cannot be guessed; this bounds the cost of invented sessions. A token is refreshed
    // every quarter of an hour, so this is enough for 9,000 users behind one address.
    perMinuteOfAddress: 600,
  },
});

export const logout = endpoint({
  route: 'POST /v1/auth/logout',
  id: 'logout',
  action: 'logout',
  tag: 'Sign-in',
  summary: 'End this session and revoke its tokens at once',
  description:
    'Its sockets are closed, and its refresh token is refused as well. DELETE /v1/users/me/sessions ends the other sessions.',
  auth: 'bearer',
  reply: LoggedOut,
  errors: [],
});

export const createSocketTicket = endpoint({
  route: 'POST /v1/ws/ticket',
  id: 'createSocketTicket',
  action: 'ws/ticket',
  tag: 'Sockets',
  summary: 'Get a ticket that opens one WebSocket within 30 s (?ticket=)',
  description:
    'For clients that cannot send an Authorization header with an upgrade, such as web pages. A ticket is valid once, and not longer than the access token of this request.',
  auth: 'bearer',
  reply: SocketTicket,
  status: 201,
  errors: [],
});
