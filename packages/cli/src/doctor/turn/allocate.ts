import { createHash, createHmac } from 'node:crypto';
import { openLink, type TurnLink } from './open-link.ts';
import { attributes, type StunReply, stunRequest, types, xorAddress } from './stun-message.ts';
import type { TurnServer } from './turn-url.ts';

/** What a TURN server did with a request for an allocation. */
export interface Allocation {
  /** Whether it gave one to somebody without a user name and password. */
  readonly admitsAnybody: boolean;
  /** Why it gave none to us; undefined if it gave one. */
  readonly refusal: string | undefined;
  /** The addresses of `peers` to which it would relay. */
  readonly relaysTo: readonly string[];
}

const udp = Buffer.from([17, 0, 0, 0]);
const anyPort = 9;
const unauthorized = 401;

/** A user name that video could have made, of the same length, which ends soon. */
const userId = 'secureconnect-doctor--';
const lifetimeSeconds = 120;

/**
 * Requests an allocation as a caller does: without credentials, then with one that is made of the
 * secret that video shares with the server (draft-uberti-behave-turn-rest-00, as video does it). Asks
 * whether it may relay to `peers`, sends nothing to them, and gives the allocation back. Rejects if
 * the server does not answer.
 */
export async function allocate(
  server: TurnServer,
  secret: string,
  peers: readonly string[],
): Promise<Allocation> {
  const link = await openLink(server);
  try {
    const first = await link.ask(
      types.allocate,
      stunRequest(types.allocate, [[attributes.requestedTransport, udp]]),
    );
    if (first.isSuccess) return { admitsAnybody: true, refusal: undefined, relaysTo: [] };
    if (first.errorCode !== unauthorized) {
      return { admitsAnybody: false, refusal: `error ${first.errorCode}`, relaysTo: [] };
    }
    return await allocateAs(link, credentialsFrom(first, secret), peers);
  } finally {
    link.close();
  }
}

interface Credentials {
  readonly values: readonly (readonly [number, Buffer])[];
  readonly key: Buffer;
}

/** The long-term credential of RFC 8489, 9.2, with the realm and nonce of the refusal. */
function credentialsFrom(refusal: StunReply, secret: string): Credentials {
  const realm = refusal.attribute(attributes.realm) ?? Buffer.alloc(0);
  const nonce = refusal.attribute(attributes.nonce) ?? Buffer.alloc(0);
  const username = `${Math.floor(Date.now() / 1000) + lifetimeSeconds}:${userId}`;
  const password = createHmac('sha1', secret).update(username).digest('base64');
  return {
    values: [
      [attributes.username, Buffer.from(username)],
      [attributes.realm, realm],
      [attributes.nonce, nonce],
    ],
    key: createHash('md5').update(`${username}:${realm.toString()}:${password}`).digest(),
  };
}

async function allocateAs(
  link: TurnLink,
  { key, values }: Credentials,
  peers: readonly string[],
): Promise<Allocation> {
  const allocation = stunRequest(
    types.allocate,
    [[attributes.requestedTransport, udp], ...values],
    key,
  );
  const reply = await link.ask(types.allocate, allocation);
  if (!reply.isSuccess) {
    return { admitsAnybody: false, refusal: meaningOf(reply.errorCode), relaysTo: [] };
  }
  const relaysTo: string[] = [];
  for (const peer of peers) {
    const address = [attributes.xorPeerAddress, xorAddress(peer, anyPort)] as const;
    const permission = stunRequest(types.createPermission, [address, ...values], key);
    if ((await link.ask(types.createPermission, permission)).isSuccess) relaysTo.push(peer);
  }
  // A lifetime of 0 gives the allocation back at once (RFC 8656, 7.1).
  const now = [attributes.lifetime, Buffer.alloc(4)] as const;
  await link.ask(types.refresh, stunRequest(types.refresh, [now, ...values], key));
  return { admitsAnybody: false, refusal: undefined, relaysTo };
}

/** The errors of RFC 8656, 19, that need an explanation. */
function meaningOf(code: number): string {
  const meanings: Readonly<Record<number, string>> = {
    401: '401: the server has a different secret, or its clock differs',
    403: '403: forbidden',
    441: '441: wrong credentials',
    486: '486: this user has too many allocations',
    508: '508: no relay port is left',
  };
  return meanings[code] ?? `error ${code}`;
}
