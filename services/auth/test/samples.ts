import { randomUUID } from 'node:crypto';
import type { Samples } from '@secureconnect/testkit';

/** A request for each row of auth. */
export const authSamples: Samples = {
  'POST /v1/auth/register': {
    status: 201,
    async prepare() {
      const name = `sample_${randomUUID().slice(0, 12)}`;
      const email = `${name}@example.com`;
      const password = 'correct horse battery';
      return {
        path: '/v1/auth/register',
        body: { email, username: name, password, display_name: name },
      };
    },
  },
  'POST /v1/auth/login': {
    status: 200,
    async prepare(world) {
      const { email, password } = await world.user();
      return { path: '/v1/auth/login', body: { email, password } };
    },
  },
  'POST /v1/auth/refresh': {
    status: 200,
    async prepare(world) {
      const { refreshToken } = await world.user();
      return { path: '/v1/auth/refresh', body: { refresh_token: refreshToken } };
    },
  },
  'POST /v1/auth/logout': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/auth/logout', token: (await world.user()).token }),
  },
  'POST /v1/auth/password-reset/request': {
    status: 200,
    async prepare(world) {
      const { email } = await world.user();
      return { path: '/v1/auth/password-reset/request', body: { email } };
    },
  },
  'POST /v1/auth/password-reset/confirm': {
    status: 200,
    async prepare(world) {
      const { email } = await world.user();
      await world.data('auth', 'POST', '/v1/auth/password-reset/request', { body: { email } });
      const token = await world.mailedToken(email);
      const body = { token, new_password: 'another good password' };
      return { path: '/v1/auth/password-reset/confirm', body };
    },
  },
  'GET /v1/auth/profile': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/auth/profile', token: (await world.user()).token }),
  },
  'GET /v1/users/me': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/users/me', token: (await world.user()).token }),
  },
  'PATCH /v1/users/me': {
    status: 200,
    async prepare(world) {
      const { token } = await world.user();
      return { path: '/v1/users/me', token, body: { display_name: 'Another Name' } };
    },
  },
  'GET /v1/users/lookup': {
    status: 200,
    async prepare(world) {
      const { token, username } = await world.user();
      return { path: `/v1/users/lookup?username=${username}`, token };
    },
  },
  'GET /v1/users/:user_id': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.user();
      return { path: `/v1/users/${userId}`, token };
    },
  },
};
