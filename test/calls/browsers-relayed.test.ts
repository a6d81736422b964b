import {
  coturnSkipReason,
  eventually,
  programSkipReason,
  type TestCoturn,
  testCoturn,
} from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrowserScene, expectEndedOnce, talk } from './browser-scene.ts';
import { videosMove } from './phone-pages.ts';

const missing = coturnSkipReason || programSkipReason(['chromium']);
const secret = 'aTurnSecretOfTheTestsThatIsLongEnough';
const relayOnly = { iceTransportPolicy: 'relay' };

describe.skipIf(missing !== '')(`a call between browsers through coturn alone${missing}`, () => {
  let coturn: TestCoturn;
  let scene: BrowserScene;
  beforeAll(async () => {
    coturn = await testCoturn({ secret });
    const urls = `turn:127.0.0.1:${coturn.port}`;
    scene = await BrowserScene.start({ TURN_URLS: urls, TURN_SECRET: secret });
  });
  afterEach(() => scene.closePages());
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
    await coturn[Symbol.asyncDispose]();
  });

  it('shows both sides, goes on when coturn was killed, and ends', {
    timeout: 90_000,
  }, async () => {
    const pair = await scene.pair(relayOnly);
    const { adas, bobs } = pair;
    const id = await talk(pair, 'relay');
    await adas.phone("mute('audio', true)");
    await bobs.hears('mute_audio', { data: { muted: true } });
    await adas.share();
    await videosMove([bobs], { videos: 2, kind: 'relay' });
    const connections = async () => {
      const received = await Promise.all([adas, bobs].map((page) => page.received()));
      const [ada, bob] = received.map(([connection]) => connection);
      return { iceUser: ada?.iceUser, turnUsers: [ada?.turnUser, bob?.turnUser] };
    };
    const before = await connections();
    await coturn.restart();
    // Nobody does anything: a page notices that the connection has failed, has its credential
    // renewed, and restarts it. The other one may not have noticed yet, and answers.
    await eventually(
      async () => {
        const now = await connections();
        expect(now.iceUser).not.toBe(before.iceUser);
        expect(now.turnUsers).not.toEqual(before.turnUsers);
      },
      { timeoutMs: 60_000, intervalMs: 200 },
    );
    await videosMove([bobs], { videos: 2, kind: 'relay' });
    await videosMove([adas], { kind: 'relay' });
    await adas.phone('hangUp()');
    for (const page of [adas, bobs]) await page.hears('ended', { id, reason: 'ended_by_host' });
    await expectEndedOnce(pair, id);
  });
});
