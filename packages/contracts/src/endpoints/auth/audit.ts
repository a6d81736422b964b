import { OwnAuditPage } from '../../audit.ts';
import { endpoint } from '../../endpoint.ts';
import { PageQuery } from '../../page.ts';

export const listOwnAudit = endpoint({
  route: 'GET /v1/users/me/audit',
  id: 'listOwnAudit',
  action: 'listing the audit log',
  tag: 'Users',
  summary: 'List what happened to your account, newest first',
  auth: 'bearer',
  query: PageQuery,
  reply: OwnAuditPage,
  errors: [],
});
