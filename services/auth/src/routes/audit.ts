import type { OwnAuditEntry } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { decodePosition, type Position, toPage } from '@secureconnect/service';
import { listAuditEntries } from '../stores/audit.ts';
import { route } from './route.ts';

const listOwn = route(auth.listOwnAudit, {}, async ({ user, query, context }) => {
  const { cursor, limit } = query;
  const after = decodePosition(cursor, 'cursor');
  const found = await listAuditEntries(context.database, user.userId, after, limit + 1);
  const { entries, next, hasMore } = toPage(found, limit, positionOf);
  return { entries, next_cursor: next, has_more: hasMore };
});

const positionOf = ({ recorded_at: at, entry_id: id }: OwnAuditEntry): Position => ({
  at: new Date(at),
  id,
});

export const auditRoutes = { listOwnAudit: listOwn };
