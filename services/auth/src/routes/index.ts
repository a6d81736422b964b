import type { Route } from '@secureconnect/service';
import type { AuthContext } from '../context.ts';
import { blockRoutes } from './blocks.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { passwordResetRoutes } from './password-reset.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { socketTicket } from './socket-tickets.ts';
import { userRoutes } from './users.ts';

/** Every route of auth. */
export const authRoutes: readonly Route<AuthContext>[] = [
  register,
  login,
  refresh,
  logout,
  socketTicket,
  ...passwordResetRoutes,
  // Before `/v1/users/:user_id`, which would take `blocks` for an id.
  ...blockRoutes,
  ...userRoutes,
];
