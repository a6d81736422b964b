import { createHash } from 'node:crypto';
import { resourceText, type Signal } from './signal.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The fingerprint of a signal: SHA-256, in hexadecimal, of `name:namespace:Kind:name`. */
export function fingerprintOf(signal: Pick<Signal, 'name' | 'namespace' | 'resource'>): string {
  return sha256(`${signal.name}:${resourceText(signal)}`);
}

/** What stands in for a fingerprint in the request of a storm: no signal has the same. */
export function stormFingerprintOf(signalName: string, windowId: string): string {
  return sha256(`storm\n${windowId}\n${signalName}`);
}

/** A name for a new request; `suffix` tells it from earlier ones of the same fingerprint. */
export function requestName(fingerprint: string, suffix: string): string {
  return `rr-${fingerprint.slice(0, 16)}-${suffix}`;
}
