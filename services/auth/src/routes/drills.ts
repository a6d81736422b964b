import { randomUUID } from 'node:crypto';
import type { Drill, DrillRequest } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { failClosed, redisName } from '@secureconnect/degraded-mode';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { adminActor, requireAdmin, requireAdminRole } from '../require-admin.ts';
import { endDrill, insertDrill, listDrills } from '../stores/drills.ts';
import { route } from './route.ts';

/** When used, so that a drill of auth itself is answered as one that is under way. */
const needsRedis = { drills: failClosed({ retryAfterSeconds: 30, checkedAt: 'call' }) } as const;

const begin = route(
  auth.adminBeginDrill,
  needsRedis,
  async ({ user, body, context, ...client }, { drills }) => {
    const origin = auditOrigin({ ...client, context });
    return context.database.transaction(async (sql) => {
      await requireAdmin(sql, user);
      const underWay = (await listDrills(sql)).find((drill) => overlap(drill, body));
      if (underWay !== undefined) throw alreadyUnderWay(underWay);
      // Auth knows of no other dependency; a process whose own is down joins when it is back.
      if (body.dependency === redisName) await drills.confirmUp();
      const drill = await insertDrill(sql, randomUUID(), body);
      const by = { ...adminActor(user), userId: null, origin };
      const details = { ...detailsOf(drill), seconds: body.seconds };
      await recordAudit(sql, { action: 'drill_begun', ...by, details });
      return drill;
    });
  },
);

const list = route(auth.adminListDrills, {}, async ({ context }) => ({
  drills: await listDrills(context.database),
}));

const end = route(
  auth.adminEndDrill,
  {},
  async ({ user, params: { drill_id: drillId }, context, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    return context.database.transaction(async (sql) => {
      // No step-up: in a drill of auth it may be refused.
      await requireAdminRole(sql, user);
      const found = await endDrill(sql, drillId);
      if (found === undefined) throw new ApiError('NOT_FOUND', 'There is no such drill.');
      if (found.isChange) {
        const by = { ...adminActor(user), userId: null, origin };
        await recordAudit(sql, { action: 'drill_ended', ...by, details: detailsOf(found.drill) });
      }
      return found.drill;
    });
  },
);

/** Whether some process would be in both. */
function overlap(
  one: Pick<Drill, 'services' | 'instance'>,
  { services, instance }: DrillRequest,
): boolean {
  const isSameInstance =
    one.instance === null || instance === undefined || one.instance === instance;
  return isSameInstance && services.some((service) => one.services.includes(service));
}

function alreadyUnderWay({ drill_id, ends_at }: Drill): ApiError {
  return new ApiError(
    'CONFLICT',
    `A drill of these services is under way until ${ends_at}; end ${drill_id}, then retry.`,
  );
}

function detailsOf({ drill_id, services, instance, dependency, port }: Drill) {
  return {
    drill_id,
    services: services.join(','),
    dependency,
    ...(instance === null ? {} : { instance }),
    ...(port === null ? {} : { port }),
  };
}

export const drillRoutes = {
  adminBeginDrill: begin,
  adminListDrills: list,
  adminEndDrill: end,
};
