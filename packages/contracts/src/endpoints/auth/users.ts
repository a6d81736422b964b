import { endpoint } from '../../endpoint.ts';
import { OwnUser, ProfileChange, User, UserLookup } from '../../users.ts';

export const getProfile = endpoint({
  route: 'GET /v1/auth/profile',
  id: 'getProfile',
  action: 'profile',
  tag: 'Users',
  summary: 'Get your own user',
  description: 'The reply is that of GET /v1/users/me.',
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
  description:
    'Has what others do not see: your e-mail address, whether it is verified, and your role.',
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
  description:
    'Fields that are absent stay as they are; an `avatar_url` of null removes the picture. E-mail address and password have routes of their own.',
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
  description:
    'Has what others see of a user: no e-mail address and no role. Users who have blocked you look offline.',
  auth: 'bearer',
  reply: User,
  errors: ['NOT_FOUND'],
});
