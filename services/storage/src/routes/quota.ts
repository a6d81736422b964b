import { Quota } from '@secureconnect/contracts';
import { usageOf } from '../stores/quota.ts';
import { route } from './route.ts';

const quota = route.get(
  '/v1/storage/quota',
  {
    operation: 'storage/quota',
    summary: 'Bytes used by uploaded files, and left for new ones beside uploads under way.',
    auth: 'bearer',
    reply: Quota,
    whenRedisDown: {},
  },
  async ({ user, context }) => {
    const { database, quotaBytes } = context;
    const { usedBytes, reservedBytes } = await usageOf(database, user.userId);
    return {
      used: usedBytes,
      total: quotaBytes,
      // Never negative, also where the quota was made smaller than what is used already.
      available: Math.max(0, quotaBytes - usedBytes - reservedBytes),
      usage_percentage: Math.round((usedBytes / quotaBytes) * 10_000) / 100,
    };
  },
);

export const quotaRoutes = [quota];
