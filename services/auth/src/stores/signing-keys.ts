import type { Sql } from '@secureconnect/postgres';
import { type KeyAlgorithm, keyTimes } from '@secureconnect/tokens';

export interface NewSigningKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  /** JSON. */
  readonly publicJwk: string;
  readonly sealedPrivateKey: Buffer;
}

/** Seconds from now, by the database's clock. */
export interface RotationTimes {
  readonly signsAfterSeconds: number;
  /** When the keys before stop verifying. */
  readonly formerVerifyForSeconds: number;
  /** Whether a key that is published and does not sign yet may end. */
  readonly endsPendingKey: boolean;
}

/** The times of a rotation without a failed request. */
export const smoothRotation: RotationTimes = {
  signsAfterSeconds: keyTimes.publishedBeforeSigningSeconds,
  formerVerifyForSeconds:
    keyTimes.publishedBeforeSigningSeconds + keyTimes.verifiesAfterReplacedSeconds,
  endsPendingKey: false,
};

/** After a leak: the other keys end as soon as every service can know the new one. */
export const urgentRotation: RotationTimes = {
  signsAfterSeconds: (2 * keyTimes.refreshMs) / 1000,
  formerVerifyForSeconds: (2 * keyTimes.refreshMs) / 1000,
  endsPendingKey: true,
};

/** Publishes a key, lets the others end, and removes those that ended long ago. */
export async function publishSigningKey(
  sql: Sql,
  { keyId, algorithm, publicJwk, sealedPrivateKey }: NewSigningKey,
  { signsAfterSeconds, formerVerifyForSeconds }: RotationTimes,
): Promise<Date> {
  await sql.execute(
    `UPDATE auth.signing_keys SET verifies_until =
       least(coalesce(verifies_until, 'infinity'), now() + $1 * interval '1 second')`,
    [formerVerifyForSeconds],
  );
  await sql.execute(
    "DELETE FROM auth.signing_keys WHERE verifies_until < now() - interval '1 day'",
  );
  const [row] = await sql.query<{ signs_from: Date }>(
    `INSERT INTO auth.signing_keys (kid, algorithm, public_jwk, sealed_private_key, signs_from)
     VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second') RETURNING signs_from`,
    [keyId, algorithm, publicJwk, sealedPrivateKey, signsAfterSeconds],
  );
  if (row === undefined) throw new Error('the key was not stored');
  return row.signs_from;
}

/** Whether a key is published that does not sign yet. */
export async function hasPendingKey(sql: Sql): Promise<boolean> {
  const rows = await sql.query('SELECT 1 FROM auth.signing_keys WHERE signs_from > now() LIMIT 1');
  return rows.length > 0;
}

export interface StoredSigningKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly sealedPrivateKey: Buffer;
  /** In how many milliseconds it signs, by the database's clock; not above 0 if it does. */
  readonly signsInMs: number;
}

/** Maximum keys that are read; there are two during a rotation. */
const maxKeys = 100;

/** The keys that sign now or later, the one that signs last first. */
export async function findSigningKeys(sql: Sql): Promise<StoredSigningKey[]> {
  const rows = await sql.query<{
    kid: string;
    algorithm: KeyAlgorithm;
    sealed_private_key: Buffer;
    signs_from: Date;
    now: Date;
  }>(
    `SELECT kid, algorithm, sealed_private_key, signs_from, now() AS now FROM auth.signing_keys
     WHERE verifies_until IS NULL OR verifies_until > now()
     ORDER BY signs_from DESC, kid LIMIT ${maxKeys}`,
  );
  const keys = rows.map((row) => ({
    keyId: row.kid,
    algorithm: row.algorithm,
    sealedPrivateKey: row.sealed_private_key,
    signsInMs: row.signs_from.getTime() - row.now.getTime(),
  }));
  const current = keys.findIndex(({ signsInMs }) => signsInMs <= 0);
  return current < 0 ? keys : keys.slice(0, current + 1);
}
