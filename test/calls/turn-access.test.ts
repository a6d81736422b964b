import { IceServers } from '@secureconnect/contracts';
import {
  call,
  coturnSkipReason,
  eventually,
  type SampleUser,
  testCoturn,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { TurnClient } from '../../services/video/test/turn-client.ts';
import { startStack } from '../support/stack.ts';
import { act, newScene, ring } from './scene.ts';

const secret = 'aTurnSecretOfTheTestsThatIsLongEnough';
/** The shortest lifetime that video accepts. */
const credentialSeconds = 60;

interface Credential {
  readonly username: string;
  readonly password: string;
}

describe.skipIf(coturnSkipReason !== '')(`access to coturn by calls${coturnSkipReason}`, () => {
  it('is given to nobody who was removed, signed out or has left, and what was given ends within its lifetime after the call', async () => {
    await using parts = new AsyncDisposableStack();
    const coturn = parts.use(await testCoturn({ secret }));
    const stack = parts.use(
      await startStack({
        TURN_URLS: `turn:127.0.0.1:${coturn.port}`,
        TURN_SECRET: secret,
        TURN_CREDENTIAL_SECONDS: String(credentialSeconds),
      }),
    );
    const scene = await newScene(stack, 4);
    const [ada, bob, eve, cleo] = scene.users as readonly [
      SampleUser,
      SampleUser,
      SampleUser,
      SampleUser,
    ];
    const callId = await ring(stack, ada, scene);
    for (const { token } of [bob, eve, cleo]) await act(stack, token, callId, 'accept');

    const ask = ({ token }: SampleUser) =>
      call(stack.urls.gateway, 'GET', `/v1/calls/${callId}/ice-servers`, { token });
    const credentialOf = async (user: SampleUser): Promise<Credential> => {
      const { ice_servers } = IceServers.parse((await ask(user)).body.data);
      const { username = '', credential: password = '' } = ice_servers.at(-1) ?? {};
      return { username, password };
    };
    const allocate = async (credential: Credential) => {
      await using client = new TurnClient(coturn.port, credential);
      // Not before its answer may the client be disposed of.
      return await client.allocate();
    };
    const given = await Promise.all([ada, bob, eve, cleo].map(credentialOf));
    const relayed = { ip: '127.0.0.1', port: expect.any(Number) };
    for (const credential of given) expect(await allocate(credential)).toEqual(relayed);

    const participant = `/v1/conversations/${scene.conversationId}/participants/${bob.userId}`;
    await call(stack.urls.gateway, 'DELETE', participant, { token: ada.token });
    await call(stack.urls.gateway, 'POST', '/v1/auth/logout', { token: eve.token });
    await act(stack, cleo.token, callId, 'end');
    const refused = async (user: SampleUser, status: number): Promise<void> => {
      const reply = await ask(user);
      expect([reply.status, reply.text.includes('credential')]).toEqual([status, false]);
    };
    await refused(bob, 404);
    await refused(eve, 401);
    await refused(cleo, 409);
    expect((await ask(ada)).status).toBe(200);
    await act(stack, ada.token, callId, 'end');
    const endedAt = performance.now();
    await refused(ada, 409);

    for (const credential of given) {
      await eventually(async () => expect(await allocate(credential)).toBe(401), {
        timeoutMs: (credentialSeconds + 15) * 1000,
        intervalMs: 1000,
      });
    }
    // Seconds are whole in an expiry, and each try may take some.
    expect(performance.now() - endedAt).toBeLessThan((credentialSeconds + 10) * 1000);
    const log = await coturn.log();
    for (const { username } of given) {
      expect(log).toContain(`Cannot find credentials of user <${username}>`);
    }
  }, 150_000);
});
