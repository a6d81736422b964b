import { createECDH } from 'node:crypto';

const pair = createECDH('prime256v1');
pair.generateKeys();
const privateKey = pair.getPrivateKey();

/** Web Push with keys of this run. */
export const vapidEnvironment = {
  VAPID_PUBLIC_KEY: pair.getPublicKey('base64url'),
  VAPID_PRIVATE_KEY: Buffer.concat([Buffer.alloc(32 - privateKey.byteLength), privateKey]).toString(
    'base64url',
  ),
  VAPID_SUBJECT: 'mailto:operator@example.com',
} as const;
