import { Block, BlockPage, BlockRemoved, NewBlock } from '../blocks.ts';
import { endpoint } from '../endpoint.ts';
import { PageQuery } from '../page.ts';
import {
  PasswordResetConfirmation,
  PasswordResetConfirmed,
  PasswordResetRequest,
  PasswordResetRequested,
} from '../passwords.ts';
import { LoggedOut, Login, Refresh, SocketTicket, Tokens } from '../tokens.ts';
import { OwnUser, ProfileChange, Registration, User, UserLookup } from '../users.ts';

export const register = endpoint({
  route: 'POST /v1/auth/register',
  id: 'register',
  action: 'register',
  tag: 'Sign-in',
  summary: 'Create a user and log in',
  description: 'The tokens are empty where no session could be started; log in later.',
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
  auth: 'none',
  body: Login,
  reply: Tokens,
  errors: ['UNAUTHORIZED', 'ACCOUNT_LOCKED'],
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
  auth: 'bearer',
  reply: SocketTicket,
  status: 201,
  errors: [],
});

export const requestPasswordReset = endpoint({
  route: 'POST /v1/auth/password-reset/request',
  id: 'requestPasswordReset',
  action: 'password-reset/request',
  tag: 'Sign-in',
  summary: 'Mail a reset token; the reply is the same for unknown addresses',
  auth: 'none',
  body: PasswordResetRequest,
  reply: PasswordResetRequested,
  errors: [],
  limit: { bucket: 'password-reset-request', perMinute: 3, countedBy: 'address' },
});

export const confirmPasswordReset = endpoint({
  route: 'POST /v1/auth/password-reset/confirm',
  id: 'confirmPasswordReset',
  action: 'password-reset/confirm',
  tag: 'Sign-in',
  summary: 'Set a new password; ends every session of the user',
  auth: 'none',
  body: PasswordResetConfirmation,
  reply: PasswordResetConfirmed,
  errors: [],
  limit: { bucket: 'password-reset-confirm', perMinute: 5, countedBy: 'address' },
});

export const blockUser = endpoint({
  route: 'POST /v1/users/blocks',
  id: 'blockUser',
  action: 'blocking users',
  tag: 'Users',
  summary: 'Block a user (idempotent)',
  auth: 'bearer',
  body: NewBlock,
  reply: Block,
  errors: ['NOT_FOUND'],
});

export const listBlocks = endpoint({
  route: 'GET /v1/users/blocks',
  id: 'listBlocks',
  action: 'listing blocks',
  tag: 'Users',
  summary: 'List the users you have blocked, newest first',
  auth: 'bearer',
  query: PageQuery,
  reply: BlockPage,
  errors: [],
});

export const unblockUser = endpoint({
  route: 'DELETE /v1/users/blocks/:user_id',
  id: 'unblockUser',
  action: 'taking blocks back',
  tag: 'Users',
  summary: 'Unblock a user (idempotent)',
  auth: 'bearer',
  reply: BlockRemoved,
  errors: [],
});

export const getProfile = endpoint({
  route: 'GET /v1/auth/profile',
  id: 'getProfile',
  action: 'profile',
  tag: 'Users',
  summary: 'Get your own user',
  auth: 'bearer',
  reply: OwnUser,
  errors: ['NOT_FOUND'],
});

export const getOwnUser = endpoint({
  route: 'GET /v1/users/me',
  id: 'getOwnUser',
  action: 'users/me',
  tag: 'Users',
  summary: 'Get your own user',
  auth: 'bearer',
  reply: OwnUser,
  errors: ['NOT_FOUND'],
});

export const changeOwnUser = endpoint({
  route: 'PATCH /v1/users/me',
  id: 'changeOwnUser',
  action: 'change users/me',
  tag: 'Users',
  summary: 'Change your display name, picture or status',
  auth: 'bearer',
  body: ProfileChange,
  reply: OwnUser,
  errors: ['NOT_FOUND'],
});

export const findUser = endpoint({
  route: 'GET /v1/users/lookup',
  id: 'findUser',
  action: 'users/lookup',
  tag: 'Users',
  summary: 'Find a user by e-mail address or by user name',
  auth: 'bearer',
  query: UserLookup,
  reply: User,
  errors: ['NOT_FOUND'],
});

export const getUser = endpoint({
  route: 'GET /v1/users/:user_id',
  id: 'getUser',
  action: 'users',
  tag: 'Users',
  summary: 'Get a user by id',
  auth: 'bearer',
  reply: User,
  errors: ['NOT_FOUND'],
});
