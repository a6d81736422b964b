import { CannotLook } from '../outcome.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from '../support/reason-of.ts';
import { type Allocation, allocate } from './allocate.ts';
import { readTurnUrl, type TurnServer } from './turn-url.ts';

/** What each transport of the TURN server did; a text if it does not answer: why. */
export interface TurnReport {
  readonly server: TurnServer;
  readonly allocation: Allocation | string;
}

/**
 * Addresses that no call needs and that a relay must not reach: where clouds keep the credentials of
 * a machine (RFC 3927), and private networks (RFC 1918). Nothing is sent to them.
 */
const innerPeers = ['169.254.169.254', '10.0.0.1', '172.16.0.1', '192.168.0.1'];
const maxTransports = 8;

/** Asks the TURN server by each transport. Throws CannotLook if TURN_URLS or TURN_SECRET is not set. */
export async function surveyTurn(settings: Settings): Promise<readonly TurnReport[]> {
  const urls = settings.list('TURN_URLS').slice(0, maxTransports);
  const secret = settings.get('TURN_SECRET');
  if (urls.length === 0) throw new CannotLook('TURN_URLS is not set');
  if (secret === undefined) throw new CannotLook('TURN_SECRET is not set');
  return Promise.all(
    urls.map(readTurnUrl).map(async (server) => {
      try {
        return { server, allocation: await allocate(server, secret, innerPeers) };
      } catch (error) {
        return { server, allocation: reasonOf(error) };
      }
    }),
  );
}
