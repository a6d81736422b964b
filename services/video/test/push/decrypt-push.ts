import { createDecipheriv, type ECDH, hkdfSync } from 'node:crypto';

/** What a browser keeps of its subscription. */
export interface SubscriptionKeys {
  readonly ecdh: ECDH;
  /** The authentication secret. */
  readonly auth: Buffer;
}

const [saltBytes, tagBytes] = [16, 16];

/**
 * Decrypts a push as a browser does, by RFC 8291 and RFC 8188: one record of `aes128gcm`.
 * @throws if it was encrypted for a different subscription, or changed
 */
export function decryptPush({ ecdh, auth }: SubscriptionKeys, body: Buffer): string {
  const salt = body.subarray(0, saltBytes);
  const recordBytes = body.readUInt32BE(saltBytes);
  const keyBytes = body.readUInt8(saltBytes + 4);
  const header = saltBytes + 5 + keyBytes;
  const senderKey = body.subarray(saltBytes + 5, header);
  const record = body.subarray(header);
  if (record.byteLength > recordBytes) throw new Error('the push has more than one record');
  const shared = ecdh.computeSecret(senderKey);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), senderKey]);
  const material = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
  const derive = (what: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', material, salt, `Content-Encoding: ${what}\0`, bytes));
  const decipher = createDecipheriv(
    'aes-128-gcm',
    derive('aes128gcm', 16),
    derive('nonce', 12),
  ).setAuthTag(record.subarray(-tagBytes));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -tagBytes)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end === -1) throw new Error('the last record has no delimiter');
  return padded.subarray(0, end).toString('utf8');
}
