import { createHash } from 'node:crypto';
import { joinedTexts } from './joined-texts.ts';
import type { Signal } from './signal.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The fingerprint of a signal: SHA-256, in hexadecimal, of `name:namespace:Kind:name`, in which only
 * the last may hold a colon itself; else of a text that no other signal has.
 */
export function fingerprintOf({
  name,
  namespace,
  resource,
}: Pick<Signal, 'name' | 'namespace' | 'resource'>): string {
  return sha256(joinedTexts([name, namespace ?? '', resource.kind, resource.name]));
}

/**
 * What stands in for a fingerprint in the request of a storm. No signal has the same: their texts do
 * not begin with one colon.
 */
export function stormFingerprintOf(signalName: string, windowId: string): string {
  return sha256(`:storm:${JSON.stringify([windowId, signalName])}`);
}

/** A name for a new request; `suffix` tells it from earlier ones of the same fingerprint. */
export function requestName(fingerprint: string, suffix: string): string {
  return `rr-${fingerprint.slice(0, 16)}-${suffix}`;
}
