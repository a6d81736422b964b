import { OwnAuditPage } from '../../audit.ts';
import { endpoint } from '../../endpoint.ts';
import { PageQuery } from '../../page.ts';

export const listOwnAudit = endpoint({
  route: 'GET /v1/users/me/audit',
  id: 'listOwnAudit',
  action: 'listing the audit log',
  tag: 'Users',
  summary: 'List what happened to your account, newest first',
  description:
    'Shows sign-ins, failed ones included, ended sessions, and changes of credentials, profile, friends and blocks. Each entry has its actor, and the address and the agent where they are known.',
  auth: 'bearer',
  query: PageQuery,
  reply: OwnAuditPage,
  errors: [],
});
