import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf } from '@secureconnect/testkit';

type DeletionEndpoints = Pick<typeof auth, 'deleteOwnAccount' | 'cancelAccountDeletion'>;

export const accountDeletionSamples: SamplesOf<DeletionEndpoints> = {
  'DELETE /v1/users/me': {
    status: 202,
    async prepare(world) {
      const { token, userId } = await world.user();
      const count = 'SELECT count(*) FROM auth.account_deletions WHERE user_id = $1';
      return { path: '/v1/users/me', token, effect: { count, values: [userId] } };
    },
  },
  'DELETE /v1/users/me/deletion': {
    // There is nothing to cancel: by default an account is closed at once, and its session ends.
    status: 200,
    async prepare(world) {
      const { token } = await world.user();
      const effect = 'none: there is no deletion to cancel' as const;
      return { path: '/v1/users/me/deletion', token, effect };
    },
  },
};
