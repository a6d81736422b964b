import { endpoint } from '../../endpoint.ts';
import { OwnUser, ProfileChange, User, UserLookup } from '../../users.ts';

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
  description: 'Searches by e-mail address are refused where the operator has disabled them.',
  auth: 'bearer',
  query: UserLookup,
  reply: User,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
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
