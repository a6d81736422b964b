import type { Sql } from '@secureconnect/postgres';
import type { Logger } from '@secureconnect/service';
import type { KeyNoticesPort } from '../ports/key-notices.ts';
import { claimLowStock, type LowStock } from '../stores/device-keys.ts';

export interface LowStockDeps {
  readonly database: Sql;
  readonly keyNotices: KeyNoticesPort;
  readonly log: Logger;
}

/** Tells those devices of a user whose one-time pre-keys run low, after some were given out. */
export async function tellLowStock(
  deps: LowStockDeps,
  userId: string,
  deviceIds: readonly string[],
): Promise<void> {
  const low = await lowStockAmong(deps, deviceIds);
  if (low.length === 0) return;
  const at = new Date().toISOString();
  await deps.keyNotices.tell(
    low.map(({ deviceId, oneTimeKeys }) => ({
      ...{ user_id: userId, device_id: deviceId, one_time_keys: oneTimeKeys, at },
    })),
  );
}

/** None where SQL fails: keys that are out of the stock must reach whoever asked for them. */
async function lowStockAmong(
  { database, log }: LowStockDeps,
  deviceIds: readonly string[],
): Promise<readonly LowStock[]> {
  if (deviceIds.length === 0) return [];
  try {
    return await claimLowStock(database, deviceIds);
  } catch (error) {
    log.warn({ err: error }, 'low stock of one-time pre-keys not told');
    return [];
  }
}
