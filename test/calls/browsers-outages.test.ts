import { call, eventually, programSkipReason } from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrowserScene, expectEndedOnce, talk } from './browser-scene.ts';
import { type PhonePage, videosMove } from './phone-pages.ts';

const missing = programSkipReason(['chromium']);
const timeout = 90_000;

describe.skipIf(missing !== '')(`a call between browsers, in an outage${missing}`, () => {
  let scene: BrowserScene;
  beforeAll(async () => {
    scene = await BrowserScene.start({}, { processes: ['video'] });
  });
  afterEach(() => scene.closePages());
  afterAll(() => scene[Symbol.asyncDispose]());

  it('of Redis: answers, changes and ends while Redis is down', { timeout }, async () => {
    const { stack } = scene;
    const pair = await scene.pair();
    const { adas, bobs } = pair;
    await adas.phone(`start('${pair.conversationId}', 'video')`);
    const { id } = await bobs.hears('ringing', { from: pair.ada.userId });
    await stack.redis.kill();
    await bobs.phone(`accept('${id}')`);
    await videosMove([adas, bobs]);
    await adas.phone("mute('audio', true)");
    await bobs.hears('mute_audio', { data: { muted: true } });

    await stack.redis.restart({ empty: true });
    await eventually(
      async () => {
        const path = `/v1/calls/${id}/ice-servers`;
        const reply = await call(stack.urls.gateway, 'GET', path, { token: pair.ada.token });
        expect([reply.status, reply.headers.get('x-degraded')]).toEqual([200, null]);
      },
      { timeoutMs: 20_000 },
    );
    await adas.share();
    await videosMove([bobs], { videos: 2 });

    await stack.redis.kill();
    await bobs.share();
    await videosMove([adas, bobs], { videos: 2 });
    await bobs.phone('hangUp()');
    await adas.hears('ended', { id, reason: 'everyone_left' });
    await bobs.hears('ended', { id });
    await expectEndedOnce(pair, String(id));
    await stack.redis.restart({ empty: true });
  });

  it('of the video service: media goes on, and signaling comes back', { timeout }, async () => {
    const { video } = scene.stack.processes;
    const pair = await scene.pair();
    const { adas, bobs } = pair;
    const id = await talk(pair);
    await video?.end('SIGKILL');
    await videosMove([adas, bobs]);
    // What is wanted meanwhile is done afterwards.
    await adas.share();
    await adas.phone("mute('video', true)");
    expect((await bobs.received()).map(({ frames }) => frames.length)).toEqual([1]);
    await video?.start();
    await videosMove([bobs], { videos: 2 });
    await bobs.hears('mute_video', { data: { muted: true } });
    await bobs.share();
    await videosMove([adas], { videos: 2 });
    expect(await connections([adas, bobs])).toEqual([1, 1]);
    await adas.phone('hangUp()');
    for (const page of [adas, bobs]) await page.hears('ended', { id, reason: 'ended_by_host' });
    await expectEndedOnce(pair, id);
  });
});

/**
 * How many connections each page was told of. One that was interrupted, as where Chromium lacks
 * processor time for some seconds, is told as disconnected, and then goes on.
 */
function connections(pages: readonly PhonePage[]): Promise<number[]> {
  return Promise.all(
    pages.map(async (page) => {
      const states = (await page.told('connection')).map(({ state }) => state);
      const times = (wanted: string) => states.filter((state) => state === wanted).length;
      return times('connected') - times('disconnected');
    }),
  );
}
