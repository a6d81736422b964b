import { Drill, DrillList, DrillRequest } from '../../drills.ts';
import { endpoint } from '../../endpoint.ts';

const admin = { tag: 'Administration', auth: 'bearer', role: 'admin' } as const;

export const adminBeginDrill = endpoint({
  ...admin,
  route: 'POST /v1/admin/drills',
  id: 'adminBeginDrill',
  action: 'beginning drills',
  summary: 'Let services act for a time as if Redis had failed',
  description:
    'Every process of the services begins within two seconds. Their routes do what they declare, for all users. The drill ends by itself.',
  body: DrillRequest,
  reply: Drill,
  status: 201,
  errors: ['STEP_UP_REQUIRED', 'CONFLICT'],
});

export const adminListDrills = endpoint({
  ...admin,
  route: 'GET /v1/admin/drills',
  id: 'adminListDrills',
  action: 'listing drills',
  summary: 'List the drills under way',
  description:
    'The drills of all services, the oldest first. Drills that have ended are only in the audit log.',
  reply: DrillList,
  errors: [],
});

export const adminEndDrill = endpoint({
  ...admin,
  route: 'POST /v1/admin/drills/:drill_id/end',
  id: 'adminEndDrill',
  action: 'ending drills',
  summary: 'End a drill before its time (idempotent)',
  description:
    'Needs no recent sign-in, which a drill may make impossible. The services recover within a few seconds.',
  reply: Drill,
  errors: ['NOT_FOUND'],
});
