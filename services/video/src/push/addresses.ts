import { createHash } from 'node:crypto';
import { PushAddress } from '@secureconnect/contracts';
import { createSealing } from '@secureconnect/service';
import type { PushSecrets } from './push-secret.ts';

/** Encrypts the addresses of devices for SQL. */
export interface SealedAddresses {
  seal(tokenId: string, address: PushAddress): Buffer;
  /** @throws SealingError if it was changed, or sealed with a secret that is not set any more */
  open(tokenId: string, sealed: Buffer): PushAddress;
}

export function sealedAddresses({ current, previous }: PushSecrets): SealedAddresses {
  const sealing = createSealing({
    purpose: 'push key',
    what: 'the push token',
    setting: 'PUSH_SECRET',
    secret: current,
    previousSecret: previous,
  });
  return {
    seal: (tokenId, address) =>
      sealing.seal(ownerOf(tokenId), Buffer.from(JSON.stringify(address))),
    open: (tokenId, sealed) =>
      PushAddress.parse(JSON.parse(sealing.open(ownerOf(tokenId), sealed).toString('utf8'))),
  };
}

/** Recognizes an address; push services make them long and random, so a plain hash hides them. */
export function hashOf(address: PushAddress): Buffer {
  const text = address.kind === 'web' ? address.endpoint : address.token;
  return createHash('sha256').update(`${address.kind} ${text}`).digest();
}

function ownerOf(tokenId: string): string {
  return `push token ${tokenId}`;
}
