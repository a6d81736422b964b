import type {
  DeviceKeyStatus,
  DeviceKeys,
  KeyBundle,
  OneTimePreKey,
} from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** A device with fewer one-time pre-keys is told to upload more. */
const lowStock = 20;

interface DeviceRow {
  session_id: string;
  identity_key: Buffer;
  signing_key: Buffer;
  identity_signature: Buffer;
  signed_pre_key_id: string;
  signed_pre_key: Buffer;
  signed_pre_key_signature: Buffer;
}

/** Sets the keys of a device; false if it has a different identity, which stays. */
export async function setDeviceKeys(
  sql: Sql,
  device: { readonly sessionId: string; readonly userId: string },
  keys: DeviceKeys,
): Promise<boolean> {
  const { signed_pre_key: preKey } = keys;
  const stored = await sql.execute(
    `INSERT INTO auth.device_keys AS d (session_id, user_id, identity_key, signing_key,
       identity_signature, signed_pre_key_id, signed_pre_key, signed_pre_key_signature)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (session_id) DO UPDATE SET
       signed_pre_key_id = excluded.signed_pre_key_id,
       signed_pre_key = excluded.signed_pre_key,
       signed_pre_key_signature = excluded.signed_pre_key_signature,
       signed_pre_key_set_at = CASE WHEN d.signed_pre_key = excluded.signed_pre_key
         THEN d.signed_pre_key_set_at ELSE excluded.signed_pre_key_set_at END
     WHERE d.identity_key = excluded.identity_key AND d.signing_key = excluded.signing_key`,
    [
      device.sessionId,
      device.userId,
      bytes(keys.identity_key),
      bytes(keys.signing_key),
      bytes(keys.identity_signature),
      preKey.key_id,
      bytes(preKey.public_key),
      bytes(preKey.signature),
    ],
  );
  return stored === 1;
}

/** The state of a device's keys; undefined if it has none. */
export async function deviceKeyStatus(
  sql: Sql,
  sessionId: string,
): Promise<DeviceKeyStatus | undefined> {
  const rows = await sql.query<{
    signed_pre_key_id: string;
    signed_pre_key_set_at: Date;
    last_one_time_key_id: string;
    stock: string;
  }>(
    `SELECT signed_pre_key_id, signed_pre_key_set_at, last_one_time_key_id,
       (SELECT count(*) FROM auth.one_time_pre_keys k WHERE k.session_id = d.session_id) AS stock
     FROM auth.device_keys d WHERE d.session_id = $1`,
    [sessionId],
  );
  return rows.map((row) => ({
    device_id: sessionId,
    signed_pre_key_id: Number(row.signed_pre_key_id),
    signed_pre_key_set_at: row.signed_pre_key_set_at.toISOString(),
    one_time_keys: Number(row.stock),
    is_low: Number(row.stock) < lowStock,
    last_one_time_key_id: Number(row.last_one_time_key_id),
  }))[0];
}

/** Adds one-time pre-keys with ascending ids, remembers the highest one, and permits a notice. */
export async function insertOneTimeKeys(
  sql: Sql,
  sessionId: string,
  keys: readonly OneTimePreKey[],
): Promise<void> {
  const ids = keys.map(({ key_id: id }) => id);
  await sql.execute(
    `INSERT INTO auth.one_time_pre_keys (session_id, key_id, public_key)
     SELECT $1, new.key_id, new.public_key
     FROM unnest($2::bigint[], $3::bytea[]) AS new (key_id, public_key)`,
    [sessionId, ids, keys.map(({ public_key: key }) => bytes(key))],
  );
  await sql.execute(
    `UPDATE auth.device_keys SET last_one_time_key_id = $2, low_told_at = NULL
     WHERE session_id = $1`,
    [sessionId, ids.at(-1) ?? 0],
  );
}

/** A device whose one-time pre-keys run low. */
export interface LowStock {
  readonly deviceId: string;
  /** One-time pre-keys in stock. */
  readonly oneTimeKeys: number;
}

/**
 * The devices among `deviceIds` that run low and are to be told of it now. Of several callers at the
 * same time one gets a device; it is returned again when it has uploaded keys, or ten minutes later
 * if it has not: the notice may have been lost.
 */
export async function claimLowStock(sql: Sql, deviceIds: readonly string[]): Promise<LowStock[]> {
  // A row that is locked is being told by its caller, or is getting keys.
  const rows = await sql.query<{ session_id: string; stock: string }>(
    `UPDATE auth.device_keys d SET low_told_at = now()
     FROM (
       SELECT session_id FROM auth.device_keys
       WHERE session_id = ANY($1::uuid[])
         AND (low_told_at IS NULL OR low_told_at < now() - interval '10 minutes')
         AND (SELECT count(*) FROM auth.one_time_pre_keys k
              WHERE k.session_id = device_keys.session_id) < $2
       FOR UPDATE SKIP LOCKED
     ) AS low
     WHERE d.session_id = low.session_id
     RETURNING d.session_id, (SELECT count(*) FROM auth.one_time_pre_keys k
       WHERE k.session_id = d.session_id) AS stock`,
    [deviceIds, lowStock],
  );
  return rows.map((row) => ({ deviceId: row.session_id, oneTimeKeys: Number(row.stock) }));
}

/** The keys of a user's live devices, except one-time pre-keys; at most `maxDevices`, newest first. */
export async function listDeviceKeys(
  sql: Sql,
  userId: string,
  maxDevices: number,
): Promise<Omit<KeyBundle, 'one_time_pre_key'>[]> {
  const rows = await sql.query<DeviceRow>(
    `SELECT d.session_id, d.identity_key, d.signing_key, d.identity_signature,
       d.signed_pre_key_id, d.signed_pre_key, d.signed_pre_key_signature
     FROM auth.device_keys d JOIN auth.sessions s ON s.session_id = d.session_id
     WHERE d.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > now()
     ORDER BY s.created_at DESC, d.session_id LIMIT $2`,
    [userId, maxDevices],
  );
  return rows.map((row) => ({
    device_id: row.session_id,
    identity_key: text(row.identity_key),
    signing_key: text(row.signing_key),
    identity_signature: text(row.identity_signature),
    signed_pre_key: {
      key_id: Number(row.signed_pre_key_id),
      public_key: text(row.signed_pre_key),
      signature: text(row.signed_pre_key_signature),
    },
  }));
}

/**
 * Takes the oldest one-time pre-key of a device out of the stock; null if there is none. Run it
 * outside a transaction, as one statement: once it has committed, nobody else can get the key,
 * whatever becomes of the reply.
 */
export async function takeOneTimeKey(sql: Sql, sessionId: string): Promise<OneTimePreKey | null> {
  const [row] = await sql.query<{ key_id: string; public_key: Buffer }>(
    `DELETE FROM auth.one_time_pre_keys WHERE session_id = $1 AND key_id = (
       SELECT key_id FROM auth.one_time_pre_keys WHERE session_id = $1
       ORDER BY key_id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING key_id, public_key`,
    [sessionId],
  );
  return row === undefined
    ? null
    : { key_id: Number(row.key_id), public_key: text(row.public_key) };
}

/** Maximum fetches of the keys of one user by another, per hour. */
const maxFetches = 10;

/** Counts a fetch; returns after how many seconds the next one is possible, 0 if this one is. */
export async function countKeyFetch(
  sql: Sql,
  fetcherId: string,
  targetId: string,
): Promise<number> {
  const counted = await sql.execute(
    `INSERT INTO auth.key_fetches AS f (fetcher_id, target_id, window_ends_at, fetches)
     VALUES ($1, $2, now() + interval '1 hour', 1)
     ON CONFLICT (fetcher_id, target_id) DO UPDATE SET
       fetches = CASE WHEN f.window_ends_at > now() THEN f.fetches + 1 ELSE 1 END,
       window_ends_at = CASE WHEN f.window_ends_at > now()
         THEN f.window_ends_at ELSE excluded.window_ends_at END
     WHERE f.window_ends_at <= now() OR f.fetches < $3`,
    [fetcherId, targetId, maxFetches],
  );
  if (counted === 1) return 0;
  const [row] = await sql.query<{ seconds: number }>(
    `SELECT ceil(extract(epoch FROM window_ends_at - now()))::int AS seconds
     FROM auth.key_fetches WHERE fetcher_id = $1 AND target_id = $2`,
    [fetcherId, targetId],
  );
  return Math.max(1, Number(row?.seconds ?? 1));
}

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
const text = (buffer: Buffer): string => buffer.toString('base64');
