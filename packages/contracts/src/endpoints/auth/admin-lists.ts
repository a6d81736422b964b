import { AdminAuditPage, AdminAuditQuery, OutboxReport } from '../../admin-lists.ts';
import { endpoint } from '../../endpoint.ts';

const admin = { tag: 'Administration', auth: 'bearer', role: 'admin' } as const;

export const adminListAudit = endpoint({
  ...admin,
  route: 'GET /v1/admin/audit',
  id: 'adminListAudit',
  action: 'listing the audit log',
  summary: 'List the sealed audit log, newest first, without what is personal',
  description: 'Entries are sealed within seconds. The export has addresses and agents as well.',
  query: AdminAuditQuery,
  reply: AdminAuditPage,
  errors: [],
});

export const adminGetOutbox = endpoint({
  ...admin,
  route: 'GET /v1/admin/outbox',
  id: 'adminGetOutbox',
  action: 'reading the outbox',
  summary: 'List mails that wait to be sent, and those that were given up',
  description:
    'At most 100 of each: the longest due, and the latest given up. `npm run outbox:dead-letters` sends given-up ones again.',
  reply: OutboxReport,
  errors: [],
});
