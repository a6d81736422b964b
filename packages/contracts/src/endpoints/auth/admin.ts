import {
  AdminUserChanged,
  AdminUserPage,
  AdminUserQuery,
  AuditExportQuery,
  FactorsReset,
} from '../../admin.ts';
import { endpoint } from '../../endpoint.ts';

const admin = { tag: 'Administration', auth: 'bearer', role: 'admin' } as const;

export const adminListUsers = endpoint({
  ...admin,
  route: 'GET /v1/admin/users',
  id: 'adminListUsers',
  action: 'listing accounts',
  summary: 'List or search accounts, by user name',
  description:
    '`search` is an id, or the beginning of an e-mail address or user name. Each account has its role, its live sessions, and when it was disabled.',
  query: AdminUserQuery,
  reply: AdminUserPage,
  errors: [],
});

export const adminDisableUser = endpoint({
  ...admin,
  route: 'POST /v1/admin/users/:user_id/disable',
  id: 'adminDisableUser',
  action: 'disabling accounts',
  summary: 'Disable an account and end its sessions (idempotent)',
  description: 'Its sign-in is refused in the same words as a wrong password.',
  reply: AdminUserChanged,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
});

export const adminEnableUser = endpoint({
  ...admin,
  route: 'POST /v1/admin/users/:user_id/enable',
  id: 'adminEnableUser',
  action: 'enabling accounts',
  summary: 'Enable an account (idempotent)',
  description:
    'The user can sign in again. Sessions that ended when the account was disabled stay ended.',
  reply: AdminUserChanged,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
});

export const adminEndSessions = endpoint({
  ...admin,
  route: 'POST /v1/admin/users/:user_id/end-sessions',
  id: 'adminEndSessions',
  action: 'ending sessions',
  summary: 'End every session of an account (idempotent)',
  description:
    'Its tokens are refused and its sockets are closed. The user can sign in again; to prevent that, disable the account.',
  reply: AdminUserChanged,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
});

export const adminResetFactors = endpoint({
  ...admin,
  route: 'POST /v1/admin/users/:user_id/reset-factors',
  id: 'adminResetFactors',
  action: 'resetting second factors',
  summary: 'Remove the second factors and passkeys of an account (idempotent)',
  description:
    'For users who have lost their device and their recovery codes. Verify their identity first: afterwards the password alone signs in. A mail tells the owner.',
  reply: FactorsReset,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
});

export const adminExportAudit = endpoint({
  ...admin,
  route: 'GET /v1/admin/audit/export',
  id: 'adminExportAudit',
  action: 'exporting the audit log',
  summary: 'Export the sealed audit log as NDJSON, in the order of its hash chain',
  description:
    'A line is an ExportedAuditEntry. To continue after a lost connection, set `after` to the sequence of the last whole line.',
  query: AuditExportQuery,
  otherReplies: {
    200: { description: 'One entry per line', mediaType: 'application/x-ndjson' },
  },
  errors: ['STEP_UP_REQUIRED'],
  limit: { bucket: 'audit-export', perMinute: 10, countedBy: 'user' },
});
