import type { DeviceSession } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError, decodePosition, type Position, toPage } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { revokeSessions } from '../revoke-sessions.ts';
import { endDevice, listDevices } from '../stores/devices.ts';
import { endOtherSessionsOf } from '../stores/sessions.ts';
import { closedUnlessDurable, route } from './route.ts';

const list = route(auth.listSessions, {}, async ({ user, query, context }) => {
  const { cursor, limit } = query;
  const after = decodePosition(cursor, 'cursor');
  const found = await listDevices(context.database, user.userId, after, limit + 1);
  const { entries, next, hasMore } = toPage(found, limit, positionOf);
  const sessions = entries.map((one) => ({ ...one, current: one.session_id === user.sessionId }));
  return { sessions, next_cursor: next, has_more: hasMore };
});

const ending = { sessions: closedUnlessDurable, blacklist: closedUnlessDurable } as const;

const endOne = route(
  auth.endSession,
  ending,
  async ({ user, params, context, noteSecurity, ...client }, { sessions, blacklist }) => {
    const { userId } = user;
    const { session_id: sessionId } = params;
    const origin = auditOrigin({ ...client, context });
    const found = await context.database.transaction(async (sql) => {
      const device = await endDevice(sql, userId, sessionId);
      if (device?.ended !== true) return device;
      const details = { sessions: 1, ended_session: sessionId };
      const by = { userId, sessionId: user.sessionId, origin, details } as const;
      await recordAudit(sql, { action: 'sessions_ended', ...by });
      await revokeSessions(sql, [sessionId], 'ended by its user', { sessions, blacklist });
      return device;
    });
    if (found === undefined) throw new ApiError('NOT_FOUND', 'You have no such session.');
    if (found.ended) noteSecurity('session_ended', { userId, sessionId });
    return { ended: true } as const;
  },
);

const endOthers = route(
  auth.endOtherSessions,
  ending,
  async ({ user, context, noteSecurity, ...client }, { sessions, blacklist }) => {
    const { userId, sessionId } = user;
    const origin = auditOrigin({ ...client, context });
    const ended = await context.database.transaction(async (sql) => {
      const others = await endOtherSessionsOf(sql, userId, sessionId);
      if (others.length === 0) return others;
      const by = { userId, sessionId, origin, details: { sessions: others.length } } as const;
      await recordAudit(sql, { action: 'sessions_ended', ...by });
      await revokeSessions(sql, others, 'ended by its user', { sessions, blacklist });
      return others;
    });
    for (const id of ended) noteSecurity('session_ended', { userId, sessionId: id });
    return { ended: ended.length };
  },
);

const positionOf = (one: Pick<DeviceSession, 'created_at' | 'session_id'>): Position => ({
  at: new Date(one.created_at),
  id: one.session_id,
});

export const deviceRoutes = {
  listSessions: list,
  endSession: endOne,
  endOtherSessions: endOthers,
};
