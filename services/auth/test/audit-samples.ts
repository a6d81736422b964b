import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf } from '@secureconnect/testkit';

/** A request for each row of the audit log. */
export const auditSamples: SamplesOf<Pick<typeof auth, 'listOwnAudit'>> = {
  'GET /v1/users/me/audit': {
    status: 200,
    prepare: async (world) => ({
      path: '/v1/users/me/audit',
      token: (await world.knownUser()).token,
    }),
  },
};
