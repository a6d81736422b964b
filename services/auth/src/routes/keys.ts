import { type DeviceKeyStatus, type KeyBundle, maxOneTimeKeys } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import type { Sql } from '@secureconnect/postgres';
import { ApiError, tokenRevoked } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { checkDeviceKeys, checkOneTimeKeys } from '../keys/check-keys.ts';
import { tellLowStock } from '../keys/tell-low-stock.ts';
import { isAccount } from '../stores/admin-users.ts';
import { hasBlocked } from '../stores/blocks.ts';
import {
  countKeyFetch,
  deviceKeyStatus,
  insertOneTimeKeys,
  listDeviceKeys,
  setDeviceKeys,
  takeOneTimeKey,
} from '../stores/device-keys.ts';
import { holdLiveSession } from '../stores/sessions.ts';
import { route } from './route.ts';

/** Maximum devices of a user in a reply. */
const maxDevices = 20;

const put = route(auth.putDeviceKeys, {}, async ({ user, body, context, ...client }) => {
  checkDeviceKeys(body);
  const { userId, sessionId } = user;
  const origin = auditOrigin({ ...client, context });
  return context.database.transaction(async (sql) => {
    if ((await holdLiveSession(sql, sessionId)) === undefined) throw tokenRevoked(user);
    const before = await deviceKeyStatus(sql, sessionId);
    if (!(await setDeviceKeys(sql, user, body))) throw differentIdentity();
    if (before === undefined) {
      await recordAudit(sql, { action: 'device_keys_added', userId, sessionId, origin });
    }
    return statusOf(sql, sessionId);
  });
});

const get = route(auth.getDeviceKeys, {}, ({ user, context }) =>
  statusOf(context.database, user.sessionId),
);

const addOneTime = route(
  auth.addOneTimeKeys,
  {},
  async ({ user: { sessionId }, body, context }) => {
    checkOneTimeKeys(body.keys);
    return context.database.transaction(async (sql) => {
      const { last_one_time_key_id: last, one_time_keys: stock } = await statusOf(sql, sessionId);
      const keys = body.keys.filter(({ key_id: id }) => id > last);
      if (stock + keys.length > maxOneTimeKeys.inStock) throw tooMany(stock);
      if (keys.length > 0) await insertOneTimeKeys(sql, sessionId, keys);
      return statusOf(sql, sessionId);
    });
  },
);

const take = route(
  auth.takeKeyBundles,
  { keyNotices: failOpen.skip() },
  async ({ user: { userId, sessionId }, params, context, log }, { keyNotices }) => {
    const { user_id: targetId } = params;
    const { database } = context;
    if (!(await isAccount(database, targetId))) throw noUser();
    const retryAfterSeconds = await countKeyFetch(database, userId, targetId);
    if (retryAfterSeconds > 0) throw tooOften(retryAfterSeconds);
    // As if the stock were empty: a blocked user can neither drain it nor tell.
    const isBlocked =
      (await hasBlocked(database, targetId, userId)) ||
      (await hasBlocked(database, userId, targetId));
    const devices: KeyBundle[] = [];
    for (const device of await listDeviceKeys(database, targetId, maxDevices)) {
      if (device.device_id === sessionId) continue;
      const oneTimeKey = isBlocked ? null : await takeOneTimeKey(database, device.device_id);
      devices.push({ ...device, one_time_pre_key: oneTimeKey });
    }
    const given = devices.filter((device) => device.one_time_pre_key !== null);
    const deviceIds = given.map((device) => device.device_id);
    await tellLowStock({ database, keyNotices, log }, targetId, deviceIds);
    return { user_id: targetId, devices };
  },
);

export const keyRoutes = {
  putDeviceKeys: put,
  getDeviceKeys: get,
  addOneTimeKeys: addOneTime,
  takeKeyBundles: take,
};

/** Throws NOT_FOUND. */
async function statusOf(sql: Sql, sessionId: string): Promise<DeviceKeyStatus> {
  const status = await deviceKeyStatus(sql, sessionId);
  if (status !== undefined) return status;
  throw new ApiError('NOT_FOUND', 'This device has no keys; upload them to /v1/keys/device first.');
}

function differentIdentity(): ApiError {
  const reason = 'This device has a different identity';
  return new ApiError('CONFLICT', `${reason}; log in again to begin with a new one.`);
}

function tooMany(stock: number): ApiError {
  const limit = `At most ${maxOneTimeKeys.inStock} one-time pre-keys are stored, and ${stock} are`;
  return new ApiError('CONFLICT', `${limit}; upload fewer.`);
}

function tooOften(retryAfterSeconds: number): ApiError {
  const message = 'You have fetched the keys of this user too often; retry later.';
  return new ApiError('RATE_LIMITED', message, { retryAfterSeconds });
}

function noUser(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such user.');
}
