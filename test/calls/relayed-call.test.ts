import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IceServers, QualitySummary } from '@secureconnect/contracts';
import {
  call,
  coturnSkipReason,
  eventually,
  programSkipReason,
  type SampleUser,
  startBrowser,
  testCoturn,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { turnCredential } from '../../services/video/src/turn/turn-credentials.ts';
import { createWorld } from '../conformance/world.ts';
import { documentedSection } from '../support/documented-section.ts';
import { servePage } from '../support/serve-page.ts';
import { startStack } from '../support/stack.ts';

const missing = coturnSkipReason || programSkipReason(['chromium']);
const secret = 'aTurnSecretOfTheTestsThatIsLongEnough';
const patiently = { timeoutMs: 20_000 };
const script = await readFile(join(import.meta.dirname, 'relayed-call.browser.js'), 'utf8');

/** The frames that a side has decoded, and the kinds of its candidates in use. */
interface Side {
  readonly framesDecoded: number;
  readonly local: string;
  readonly remote: string;
}

describe.skipIf(missing !== '')(`a call in a browser through coturn alone${missing}`, () => {
  it('shows moving pictures on both sides, goes on when a credential has expired, and restarts with a renewed one', async () => {
    await using parts = new AsyncDisposableStack();
    const coturn = parts.use(await testCoturn({ secret, externalIp: '203.0.113.7' }));
    const stack = parts.use(
      await startStack({
        TURN_URLS: `turn:127.0.0.1:${coturn.port}`,
        TURN_SECRET: secret,
      }),
    );
    const world = createWorld(stack);
    const [ada, bob] = [await world.user(), await world.user()];
    const { conversation_id } = await world.data('chat', 'POST', '/v1/conversations', {
      token: ada.token,
      body: { type: 'direct', participant_ids: [bob.userId] },
    });
    const { call_id: callId } = await world.data('video', 'POST', '/v1/calls/initiate', {
      token: ada.token,
      body: { call_type: 'video', conversation_id },
    });
    await world.data('video', 'POST', `/v1/calls/${callId}/join`, { token: bob.token });
    const iceServers = async ({ token }: SampleUser) => {
      const path = `/v1/calls/${callId}/ice-servers`;
      const { body } = await call(stack.urls.gateway, 'GET', path, { token });
      return IceServers.parse(body.data).ice_servers;
    };

    const page = parts.use(await startBrowser());
    await page.open(parts.use(await servePage([script])).url);
    const run = (expression: string): Promise<unknown> =>
      page.evaluate(`await relayedCall.${expression}`);
    const sides = async () => (await run('sides()')) as readonly [Side, Side];
    const start = async () =>
      run(`start(${JSON.stringify([await iceServers(ada), await iceServers(bob)])})`);

    expect(await start()).toEqual([]);
    const relayed = { local: 'relay', remote: 'relay' };
    const moves = async (): Promise<void> => {
      const before = await sides();
      await eventually(async () => {
        const now = await sides();
        for (const [index, side] of now.entries()) {
          expect(side).toMatchObject(relayed);
          expect(side.framesDecoded).toBeGreaterThan((before[index]?.framesDecoded ?? 0) + 10);
        }
      }, patiently);
    };
    await moves();
    expect(await coturn.log()).not.toContain('Cannot find credentials');
    const [, collect = ''] =
      /```js\n(.*?)```/s.exec(await documentedSection('docs/calls.md', 'Quality')) ?? [];
    const summary = await page.evaluate(
      `await (${collect})(relayedCall.peers[1], { setup_ms: 500, ice_restarts: 0 })`,
    );
    expect(QualitySummary.strict().parse(summary)).toMatchObject({
      ...{ state: 'connected', setup_ms: 500, media_lost: false },
      ...{ local_candidate_type: 'relay', remote_candidate_type: 'relay', relay_protocol: 'udp' },
      ...{ round_trip_ms: expect.any(Number), jitter_ms: expect.any(Number) },
    });
    const path = `/v1/calls/${callId}/quality`;
    const body = { connection_id: randomUUID(), sequence: 1, peer_id: ada.userId, summary };
    expect((await call(stack.urls.gateway, 'POST', path, { token: bob.token, body })).status).toBe(
      200,
    );
    // An expired credential is refused, and the call goes on over the old pair.
    const expired = [ada, bob].map(({ userId }) =>
      turnCredential(secret, userId, new Date(Date.now() - 1000)),
    );
    const urls = `turn:127.0.0.1:${coturn.port}`;
    const refused = expired.map(({ username, password: credential }) => [
      { urls, username, credential },
    ]);
    // Each side gets one for each address of this machine.
    const errors = await run(`restart(${JSON.stringify(refused)})`);
    expect(new Set(errors as number[])).toEqual(new Set([401]));
    for (const { username } of expired) {
      expect(await coturn.log()).toContain(`Cannot find credentials of user <${username}>`);
    }
    await moves();
    const renewed = [await iceServers(ada), await iceServers(bob)];
    expect(await run(`restart(${JSON.stringify(renewed)})`)).toEqual([]);
    await moves();
  }, 120_000);
});
