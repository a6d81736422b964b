import { call, eventually, programSkipReason } from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrowserScene, expectEndedOnce, type Pair, talk } from './browser-scene.ts';
import { type PhonePage, type Received, videosMove } from './phone-pages.ts';
import { newScene, signIn } from './scene.ts';

const missing = programSkipReason(['chromium']);
const timeout = 60_000;
const patiently = { timeoutMs: 30_000, intervalMs: 100 };

describe.skipIf(missing !== '')(`a call between browsers${missing}`, () => {
  let scene: BrowserScene;
  beforeAll(async () => {
    scene = await BrowserScene.start();
  });
  afterEach(() => scene.closePages());
  afterAll(() => scene[Symbol.asyncDispose]());

  it('rings, is answered, shows both sides, and ends', { timeout }, async () => {
    const pair = await scene.pair();
    const { adas, bobs } = pair;
    const id = await talk(pair);
    await adas.phone("mute('audio', true)");
    await bobs.hears('mute_audio', { data: { muted: true } });
    await expectSound(bobs, 'silence');
    await adas.phone("mute('audio', false)");
    await bobs.hears('mute_audio', { data: { muted: false } });
    await expectSound(bobs, 'beeps');
    await adas.share();
    await videosMove([bobs], { videos: 2 });
    await videosMove([adas]);
    await adas.unshare();
    await videosMove([adas, bobs]);
    await bobs.phone('hangUp()');
    await adas.hears('ended', { id, reason: 'everyone_left' });
    await bobs.hears('ended', { id });
    await expectEndedOnce(pair, id);
    for (const page of [adas, bobs]) {
      expect([await page.told('problem'), page.problems]).toEqual([[], []]);
    }
  });

  it('stops ringing on two devices of the callee when the third answers', { timeout }, async () => {
    const pair = await scene.pair();
    const { ada, bob, adas, bobs } = pair;
    const others: PhonePage[] = [];
    for (const token of [await signIn(scene.stack, bob), await signIn(scene.stack, bob)]) {
      others.push(await scene.device(bob, { token }));
    }
    await adas.phone(`start('${pair.conversationId}', 'video')`);
    for (const page of [bobs, ...others]) await page.hears('ringing', { from: ada.userId });
    const { id } = await bobs.hears('ringing');
    await bobs.phone(`accept('${id}')`);
    for (const page of others) await page.hears('ended', { id, reason: 'answered elsewhere' });
    await videosMove([adas, bobs]);
    await adas.phone('hangUp()');
    for (const page of [adas, bobs]) await page.hears('ended', { id, reason: 'ended_by_host' });
    await expectEndedOnce(pair, String(id), others);
  });

  it('connects four pages with each other, as many as a mesh has, and three when one hangs up', {
    timeout,
  }, async () => {
    const { users, conversationId } = await newScene(scene.stack, 4);
    const pages = await Promise.all(users.map((user) => scene.device(user)));
    const [first, ...others] = pages as [PhonePage, ...PhonePage[]];
    await first.phone(`start('${conversationId}', 'video')`);
    await Promise.all(
      others.map(async (page) => page.phone(`accept('${(await page.hears('ringing'))['id']}')`)),
    );
    await videosMove(pages, { peers: 3 });
    const [leaver, ...staying] = others as [PhonePage, ...PhonePage[]];
    await leaver.phone('hangUp()');
    await videosMove([first, ...staying], { peers: 2 });
    expect(await leaver.received()).toEqual([]);
  });

  it('survives offers that cross: both sides share their screens at once', {
    timeout,
  }, async () => {
    const pair = await scene.pair();
    const { adas, bobs } = pair;
    await talk(pair);
    // Until they have crossed: then the polite side has taken its own offer back.
    await eventually(async () => {
      await Promise.all([adas.share(), bobs.share()]);
      await videosMove([adas, bobs], { videos: 2 });
      await Promise.all([adas.unshare(), bobs.unshare()]);
      await videosMove([adas, bobs]);
      expect((await both(pair)).some(hasTakenBack)).toBe(true);
    }, patiently);
  });

  it('lets the host mute and remove', { timeout }, async () => {
    const pair = await scene.pair();
    const { ada, bob, adas, bobs } = pair;
    const id = await talk(pair);
    const path = `/v1/calls/${id}/participants/${bob.userId}`;
    const asked = { token: ada.token, body: { media: 'audio' } };
    await call(scene.stack.urls.gateway, 'POST', `${path}/mute`, asked);
    await adas.hears('mute_audio', { from: bob.userId, data: { muted: true } });
    await expectSound(adas, 'silence');
    await call(scene.stack.urls.gateway, 'DELETE', path, { token: ada.token });
    await bobs.hears('ended', { id });
    await adas.hears('ended', { id, reason: 'everyone_left' });
    await expectEndedOnce(pair, id);
  });

  it('goes on after one of the pages was loaded again', { timeout }, async () => {
    const pair = await scene.pair();
    const id = await talk(pair);
    await pair.bobs.loadAgain();
    await pair.bobs.phone(`join('${id}')`);
    await videosMove([pair.adas, pair.bobs]);
    await pair.adas.share();
    await videosMove([pair.bobs], { videos: 2 });
  });

  it('restarts ICE, also from both sides at once', { timeout }, async () => {
    const pair = await scene.pair();
    const { adas, bobs } = pair;
    await talk(pair);
    for (const pages of [[adas], [bobs], [adas, bobs]]) {
      const before = await both(pair);
      await Promise.all(pages.map((page) => page.restartIce()));
      await eventually(async () => {
        for (const [index, { iceUser }] of (await both(pair)).entries()) {
          expect(iceUser).not.toBe(before[index]?.iceUser);
        }
      }, patiently);
      await videosMove([adas, bobs]);
    }
  });
});

async function both({ adas, bobs }: Pair): Promise<Received[]> {
  return [...(await adas.received()), ...(await bobs.received())];
}

/** Whether an offer of its own was followed by one of the peer, instead of an answer. */
function hasTakenBack({ signalingStates }: Received): boolean {
  const text = signalingStates.join(' ');
  return /have-local-offer (stable )?have-remote-offer/.test(text);
}

/** Waits until a second of sound has arrived that is silence or has the beeps of the microphone. */
async function expectSound(page: PhonePage, expected: 'silence' | 'beeps'): Promise<void> {
  await eventually(async () => {
    const [before] = await page.received();
    const energy = await eventually(async () => {
      const [now] = await page.received();
      expect(now?.audioSeconds).toBeGreaterThan((before?.audioSeconds ?? 0) + 1);
      return (now?.audioEnergy ?? 0) - (before?.audioEnergy ?? 0);
    }, patiently);
    expect(energy > 1e-5 ? 'beeps' : 'silence').toBe(expected);
  }, patiently);
}
