import { z } from 'zod';
import { Timestamp, Uuid } from './primitives.ts';

const isCanonical = (text: string): boolean =>
  Buffer.from(text, 'base64').toString('base64') === text;

/** 32 bytes in base64. */
export const PublicKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, { error: 'expected 32 bytes in base64', abort: true })
  .refine(isCanonical, 'expected 32 bytes in base64')
  .meta({ examples: ['hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='] });

/** 64 bytes in base64. */
export const KeySignature = z
  .string()
  .regex(/^[A-Za-z0-9+/]{86}==$/, { error: 'expected 64 bytes in base64', abort: true })
  .refine(isCanonical, 'expected 64 bytes in base64')
  .meta({
    examples: [
      'kqgQhQrjBeXDWkTEcVTk7UKkfrYTLTFkCLcFBjW0YcUjWPVtQUSpPiOSLoQmhR8T+OuC8GxAbzB0RSDdgLtUAg==',
    ],
  });

/** The number that a device gives to a key: 1 to 2^31 - 1. */
export const KeyId = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)
  .meta({ examples: [1] });

/** Maximum one-time pre-keys of a device in stock, and per upload. */
export const maxOneTimeKeys = { inStock: 200, perUpload: 100 } as const;

export const SignedPreKey = z
  .object({ key_id: KeyId, public_key: PublicKey, signature: KeySignature })
  .meta({ id: 'SignedPreKey' });
export type SignedPreKey = z.infer<typeof SignedPreKey>;

export const OneTimePreKey = z
  .object({ key_id: KeyId, public_key: PublicKey })
  .meta({ id: 'OneTimePreKey' });
export type OneTimePreKey = z.infer<typeof OneTimePreKey>;

const identity = {
  identity_key: PublicKey.describe('X25519.'),
  signing_key: PublicKey.describe('Ed25519.'),
  identity_signature: KeySignature.describe('Of the identity key, by the signing key.'),
  signed_pre_key: SignedPreKey.describe('X25519, signed by the signing key.'),
};

/** Body of `PUT /v1/keys/device`. Signatures are of the raw 32 bytes. */
export const DeviceKeys = z.object(identity);
export type DeviceKeys = z.infer<typeof DeviceKeys>;

/** Body of `POST /v1/keys/one-time`; each id must be higher than those before it. */
export const NewOneTimePreKeys = z
  .object({ keys: z.array(OneTimePreKey).min(1).max(maxOneTimeKeys.perUpload) })
  .refine(
    ({ keys }) => keys.every(({ key_id: id }, at) => at === 0 || id > (keys[at - 1]?.key_id ?? 0)),
    { path: ['keys'], error: 'expected ascending key_ids, each once' },
  );
export type NewOneTimePreKeys = z.infer<typeof NewOneTimePreKeys>;

/** The keys of the requesting device, as they are stored. */
export const DeviceKeyStatus = z
  .object({
    device_id: Uuid,
    signed_pre_key_id: KeyId,
    signed_pre_key_set_at: Timestamp,
    one_time_keys: z
      .int()
      .min(0)
      .meta({ description: 'One-time pre-keys in stock.', examples: [87] }),
    is_low: z.boolean().describe('Upload one-time pre-keys soon.'),
    last_one_time_key_id: z
      .int()
      .min(0)
      .meta({ description: 'Give higher ids to new keys.', examples: [100] }),
  })
  .meta({ id: 'DeviceKeyStatus' });
export type DeviceKeyStatus = z.infer<typeof DeviceKeyStatus>;

/** The keys of a device for X3DH; without a one-time pre-key if none is left. */
export const KeyBundle = z
  .object({ device_id: Uuid, ...identity, one_time_pre_key: OneTimePreKey.nullable() })
  .meta({ id: 'KeyBundle' });
export type KeyBundle = z.infer<typeof KeyBundle>;

/** Reply of `POST /v1/keys/users/:user_id/bundles`. */
export const KeyBundles = z.object({ user_id: Uuid, devices: z.array(KeyBundle) });
export type KeyBundles = z.infer<typeof KeyBundles>;
