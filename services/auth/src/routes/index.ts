import { auth } from '@secureconnect/contracts/endpoints';
import { type Route, routesOf } from '@secureconnect/service';
import type { AuthContext } from '../context.ts';
import { accountDeletionRoutes } from './account-deletion.ts';
import { adminRoutes } from './admin.ts';
import { adminListRoutes } from './admin-lists.ts';
import { auditRoutes } from './audit.ts';
import { blockRoutes } from './blocks.ts';
import { dataExportRoutes } from './data-export.ts';
import { deviceRoutes } from './devices.ts';
import { drillRoutes } from './drills.ts';
import { emailRoutes } from './email.ts';
import { emailChangeRoutes } from './email-change.ts';
import { friendRoutes } from './friends.ts';
import { identityRoutes } from './identities.ts';
import { getJwks } from './jwks.ts';
import { keyRoutes } from './keys.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { oidcRoutes } from './oidc.ts';
import { passkeySignInRoutes } from './passkey-sign-in.ts';
import { passkeyStepUpRoutes } from './passkey-step-up.ts';
import { passkeyRoutes } from './passkeys.ts';
import { changePassword } from './password-change.ts';
import { passwordResetRoutes } from './password-reset.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { createSocketTicket } from './socket-tickets.ts';
import { stepUp } from './step-up.ts';
import { userRoutes } from './users.ts';

/** Every route of auth. */
export const authRoutes: readonly Route<AuthContext>[] = routesOf(auth, {
  register,
  login,
  refresh,
  logout,
  createSocketTicket,
  ...passwordResetRoutes,
  ...deviceRoutes,
  ...blockRoutes,
  ...userRoutes,
  ...oidcRoutes,
  ...identityRoutes,
  ...accountDeletionRoutes,
  ...dataExportRoutes,
  ...auditRoutes,
  ...adminRoutes,
  ...adminListRoutes,
  ...drillRoutes,
  ...friendRoutes,
  ...keyRoutes,
  getJwks,
  ...emailRoutes,
  ...emailChangeRoutes,
  changePassword,
  stepUp,
  ...passkeySignInRoutes,
  ...passkeyStepUpRoutes,
  ...passkeyRoutes,
  ...secondFactorRoutes,
});
