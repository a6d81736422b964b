import { storage } from '@secureconnect/contracts/endpoints';
import { usageOf } from '../stores/quota.ts';
import { route } from './route.ts';

const quota = route(storage.getStorageQuota, {}, async ({ user, context }) => {
  const { database, quotaBytes } = context;
  const { usedBytes, reservedBytes } = await usageOf(database, user.userId);
  return {
    used: usedBytes,
    total: quotaBytes,
    // Not negative, even if the quota was lowered below the usage.
    available: Math.max(0, quotaBytes - usedBytes - reservedBytes),
    usage_percentage: Math.round((usedBytes / quotaBytes) * 10_000) / 100,
  };
});

export const quotaRoutes = { getStorageQuota: quota };
