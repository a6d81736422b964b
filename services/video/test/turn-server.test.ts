import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { coturnSkipReason, eventually, type TestCoturn, testCoturn } from '@secureconnect/testkit';
import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TurnCredential, turnCredential } from '../src/turn/turn-credentials.ts';
import { newWorld } from './harness.ts';
import { TurnClient } from './turn-client.ts';

const hasIpv6 = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .some(({ address }) => address === '::1');
const ipv6SkipReason = hasIpv6 ? '' : ' (skipped: no IPv6 on loopback)';

const secret = 'aTurnSecretOfTheTestsThatIsLongEnough';
const previousSecret = 'theTurnSecretBeforeThatIsLongEnough';
const externalIp = '203.0.113.7';

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
const fresh = (): TurnCredential => turnCredential(secret, randomUUID(), inSeconds(60));

describe.skipIf(coturnSkipReason !== '')(`coturn as it is deployed${coturnSkipReason}`, () => {
  let coturn: TestCoturn;
  let clients: AsyncDisposableStack;
  beforeAll(async () => {
    coturn = await testCoturn({ secret, previousSecret, externalIp });
    clients = new AsyncDisposableStack();
  });
  afterAll(async () => {
    await clients.disposeAsync();
    await coturn[Symbol.asyncDispose]();
  });

  const client = (credential: TurnCredential): TurnClient =>
    clients.use(new TurnClient(coturn.port, credential));
  const allocated = { ip: externalIp, port: expect.any(Number) };
  const logsRefusal = (username: string) =>
    eventually(async () =>
      expect(await coturn.log()).toContain(`Cannot find credentials of user <${username}>`),
    );

  it('takes the credential that a caller gets from video', async () => {
    await using world = await newWorld();
    const TURN_URLS = `turn:127.0.0.1:${coturn.port}`;
    const video = await world.start({ TURN_URLS, TURN_SECRET: secret });
    const [ada, bob] = [someone(), someone()];
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    const reply = await video.call(ada, 'GET', `/v1/calls/${callId}/ice-servers`);
    const [{ username, credential: password }] = reply.body.data.ice_servers;
    expect(await client({ username, password }).allocate()).toEqual(allocated);
  });

  it('refuses a wrong password, and one of a different user', async () => {
    const { username, password } = fresh();
    expect(await client({ username, password: `${password}x` }).allocate()).toBe(401);
    expect(await client({ username: fresh().username, password }).allocate()).toBe(401);
    await logsRefusal(username);
  });

  it('refuses a credential when it has expired, and one whose expiry was changed', async () => {
    const userId = randomUUID();
    const credential = turnCredential(secret, userId, inSeconds(2));
    expect(await client(credential).allocate()).toEqual(allocated);
    const expired = async () => expect(await client(credential).allocate()).toBe(401);
    await eventually(expired, { timeoutMs: 8000 });
    const { username } = turnCredential(secret, userId, inSeconds(600));
    expect(await client({ ...credential, username }).allocate()).toBe(401);
    await logsRefusal(credential.username);
  });

  it('takes the secret before during a rotation, and no third one', async () => {
    const old = turnCredential(previousSecret, randomUUID(), inSeconds(60));
    expect(await client(old).allocate()).toEqual(allocated);
    const foreign = turnCredential(`${secret}x`, randomUUID(), inSeconds(60));
    expect(await client(foreign).allocate()).toBe(401);
  });

  it('relays between two clients that both need the relay, by its external address', async () => {
    const [a, b] = [client(fresh()), client(fresh())];
    const [ofA, ofB] = [await a.allocate(), await b.allocate()];
    if (typeof ofA === 'number' || typeof ofB === 'number') throw new Error('not allocated');
    expect([await a.permit(ofB), await b.permit(ofA)]).toEqual([0, 0]);
    await eventually(() => {
      a.send(ofB, 'from a');
      b.send(ofA, 'from b');
      expect([a.received[0], b.received[0]]).toEqual(['from b', 'from a']);
    });
  });

  it('relays to no private, link-local, metadata or reserved address', async () => {
    const one = client(fresh());
    expect(await one.allocate()).toEqual(allocated);
    const denied = [
      ...['0.1.2.3', '10.1.2.3', '100.64.0.1', '100.100.100.200', '127.0.0.2', '169.254.1.1'],
      ...['169.254.169.254', '168.63.129.16', '172.16.0.1', '172.31.255.254', '192.0.0.192'],
      ...['192.168.219.1', '198.18.0.1', '203.0.113.8', '224.0.0.1', '255.255.255.255'],
    ];
    for (const ip of denied) expect(await one.permit({ ip, port: 80 }), ip).toBe(403);
    expect(await one.permit({ ip: '8.8.8.8', port: 80 })).toBe(0);
  });

  it.skipIf(ipv6SkipReason !== '')(
    `relays to no private, link-local, mapped or reserved address of IPv6${ipv6SkipReason}`,
    async () => {
      await using own = await testCoturn({ secret, relaysIpv6: true });
      await using one = new TurnClient(own.port, fresh());
      expect(await one.allocateIpv6()).toBe(0);
      const denied = [
        // Unspecified, loopback; IPv4 that is compatible, mapped, translated, or in a tunnel.
        ...['::', '::1', '::10.1.2.3', '::ffff:10.1.2.3', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
        ...['::ffff:169.254.169.254', '64:ff9b::a01:203', '64:ff9b:1::1', '2002:a01:203::1'],
        ...['2001::1', '2001:1ff:ffff::1', '100::1', '2001:db8::1', '3fff::1'],
        // Unique local, with the metadata of a cloud; link-local, site-local, multicast.
        ...['fc00::1', 'fd00:ec2::254', 'fdff:ffff::1', 'fe80::1', 'febf::1', 'fec0::1'],
        ...['ff02::1', 'ff0e::1'],
      ];
      for (const ip of denied) expect(await one.permit({ ip, port: 80 }), ip).toBe(403);
      expect(await one.permit({ ip: '2606:4700:4700::1111', port: 80 })).toBe(0);
    },
  );

  it('lets ten callers have all of their quota, and serves an eleventh', async () => {
    await using own = await testCoturn({ secret });
    await using parts = new AsyncDisposableStack();
    const allocate = (credential: TurnCredential) =>
      parts.use(new TurnClient(own.port, credential)).allocate();
    const relayed = { ip: '127.0.0.1', port: expect.any(Number) };
    const take = async (credential: TurnCredential): Promise<void> => {
      for (let n = 0; n < 12; n += 1) expect(await allocate(credential)).toEqual(relayed);
    };
    for (let caller = 0; caller < 10; caller += 1) {
      const userId = randomUUID();
      await take(turnCredential(secret, userId, inSeconds(60)));
      // A credential that was renewed, or given for a different call, has no quota of its own.
      expect(await allocate(turnCredential(secret, userId, inSeconds(90)))).toBe(486);
    }
    await take(fresh());
  });
});
