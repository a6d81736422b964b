import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf, SampleWorld } from '@secureconnect/testkit';

async function tokenOfAdmin(world: SampleWorld): Promise<string> {
  const { userId, token } = await world.knownUser();
  await world.makeAdmin(userId);
  return token;
}

/** A request for each list that administrators read. */
export const adminListSamples: SamplesOf<Pick<typeof auth, 'adminListAudit' | 'adminGetOutbox'>> = {
  'GET /v1/admin/audit': {
    status: 200,
    async prepare(world) {
      return { path: '/v1/admin/audit?limit=5', token: await tokenOfAdmin(world) };
    },
  },
  'GET /v1/admin/outbox': {
    status: 200,
    async prepare(world) {
      return { path: '/v1/admin/outbox', token: await tokenOfAdmin(world) };
    },
  },
};
