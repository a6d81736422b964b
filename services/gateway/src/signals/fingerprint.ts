import { hash } from 'node:crypto';
import { joinedTexts } from './joined-texts.ts';
import type { Signal } from './signal.ts';

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/**
 * The fingerprint of a signal: SHA-256, in hexadecimal, of `name:namespace:Kind:name` if only the
 * last part has a colon, otherwise of a different unique text.
 */
export function fingerprintOf({
  name,
  namespace,
  resource,
}: Pick<Signal, 'name' | 'namespace' | 'resource'>): string {
  return sha256(joinedTexts([name, namespace ?? '', resource.kind, resource.name]));
}

/**
 * The fingerprint of a storm's request. It differs from all fingerprints of signals, whose texts do
 * not begin with a single colon.
 */
export function stormFingerprintOf(signalName: string, windowId: string): string {
  return sha256(`:storm:${JSON.stringify([windowId, signalName])}`);
}

/** The name of a new request; `suffix` distinguishes requests of the same fingerprint. */
export function requestName(fingerprint: string, suffix: string): string {
  return `rr-${fingerprint.slice(0, 16)}-${suffix}`;
}
