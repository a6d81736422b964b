import { randomBytes } from 'node:crypto';
import type { auth } from '@secureconnect/contracts/endpoints';
import { type SamplesOf, type SampleWorld, textField } from '@secureconnect/testkit';

/** An admin, and a drill of a process that does not exist, so that nobody else is in it. */
async function adminAndDrill(world: SampleWorld) {
  const { userId, token } = await world.knownUser();
  await world.makeAdmin(userId);
  const instance = randomBytes(4).toString('hex');
  return { token, instance, body: { services: ['auth'], instance, seconds: 3600 } };
}

/** A request for each row of drills. */
export const drillSamples: SamplesOf<
  Pick<typeof auth, 'adminBeginDrill' | 'adminListDrills' | 'adminEndDrill'>
> = {
  'POST /v1/admin/drills': {
    status: 201,
    async prepare(world) {
      const { token, instance, body } = await adminAndDrill(world);
      const count = 'SELECT count(*) FROM auth.drills WHERE instance = $1';
      const effect = { count, values: [instance] };
      return { path: '/v1/admin/drills', token, body, effect };
    },
  },
  'GET /v1/admin/drills': {
    status: 200,
    async prepare(world) {
      return { path: '/v1/admin/drills', token: (await adminAndDrill(world)).token };
    },
  },
  'POST /v1/admin/drills/:drill_id/end': {
    status: 200,
    async prepare(world) {
      const { token, instance, body } = await adminAndDrill(world);
      const drill = await world.data('auth', 'POST', '/v1/admin/drills', { token, body });
      const path = `/v1/admin/drills/${textField(drill, 'drill_id')}/end`;
      const count = 'SELECT count(*) FROM auth.drills WHERE instance = $1 AND ended_at IS NOT NULL';
      return { path, token, effect: { count, values: [instance] } };
    },
  },
};
