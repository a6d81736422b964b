import { bundle } from '@secureconnect/client/generator/bundle';
import { QualitySummary } from '@secureconnect/contracts';
import {
  type BrowserPage,
  eventually,
  programSkipReason,
  startBrowser,
} from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { servePage } from '../support/serve-page.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { CallPage, videosMove } from './call-page.ts';
import { ExamplePage, examplePages } from './example-page.ts';
import { ClientWorld, type Person } from './world.ts';

const missing = programSkipReason(['chromium']);
const timeout = 90_000;
const patiently = { timeoutMs: 40_000, intervalMs: 100 };

describe.skipIf(missing !== '')(`calls of the client in browsers${missing}`, { timeout }, () => {
  const parts = new AsyncDisposableStack();
  let world: ClientWorld;
  let browser: BrowserPage;
  let url: string;
  const files: Record<string, string> = {};
  let pages: AsyncDisposableStack;
  beforeAll(async () => {
    const entries = ['index', 'browser', 'calls'].map((name) => `export * from './${name}.ts';`);
    const page = parts.use(await servePage([await bundle(entries.join('\n'), 'iife')], files));
    ({ url } = page);
    world = parts.use(await ClientWorld.start({ CORS_ORIGINS: new URL(url).origin }));
    browser = parts.use(await startBrowser());
    pages = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await pages.disposeAsync();
    pages = new AsyncDisposableStack();
  });
  afterAll(() => parts.disposeAsync());

  async function device(person: Person): Promise<CallPage> {
    const page = new CallPage(pages.use(await browser.anotherPerson()));
    await page.open(url, person);
    return page;
  }

  /** Two people, each with a page. */
  async function pair() {
    const people = await world.pair();
    return { ...people, adas: await device(people.ada), bobs: await device(people.bob) };
  }

  /** Ada calls and Bob accepts; both see each other. */
  async function talk({ adas, bobs, conversationId }: Awaited<ReturnType<typeof pair>>) {
    const id = await adas.start(conversationId);
    await bobs.rings();
    await bobs.run('await call.accept(), undefined');
    await videosMove([adas, bobs]);
    return id;
  }

  it('ring, are answered, show both sides, and end', async () => {
    const scene = await pair();
    const { adas, bobs } = scene;
    const id = await talk(scene);
    expect(await adas.run('call.state')).toBe('active');
    await adas.run('await call.media.setMicrophone(false)');
    await bobs.until('call.participants[0].isMicrophoneOn', false);
    await adas.run('await call.media.shareScreen(), undefined');
    await videosMove([bobs], { videos: 2 });
    await adas.run('call.media.stopScreen()');
    await videosMove([adas, bobs]);
    await bobs.run('await call.end()');
    await bobs.ends(id, 'everyone_left');
    await adas.ends(id, 'everyone_left');
    for (const page of [adas, bobs])
      expect([await page.errors(), page.page.problems]).toEqual([[], []]);
    const both = [scene.ada.userId, scene.bob.userId];
    await eventually(async () => {
      const reports = await reportsOn(id);
      expect(new Set(reports.map(({ user_id }) => user_id))).toEqual(new Set(both));
      for (const { summary } of reports)
        expect(QualitySummary.strict().parse(summary)).toMatchObject({
          ...{ state: 'connected', media_lost: false, setup_ms: expect.any(Number) },
          ...{ local_candidate_type: expect.any(String), round_trip_ms: expect.any(Number) },
        });
      for (const { summary } of reports) expect(summary.frames_decoded).toBeGreaterThan(5);
    }, patiently);
  });

  /** The newest report of each participant on their connection. */
  async function reportsOn(callId: string) {
    await using parts = new AsyncDisposableStack();
    const sql = openTestDatabase(world.stack.databaseUrl, { maxConnections: 1 });
    parts.defer(() => sql.close());
    return sql.query<{ user_id: string; summary: QualitySummary }>(
      'SELECT user_id, summary FROM video.call_quality WHERE call_id = $1',
      [callId],
    );
  }

  it('are one call where both call at the same moment, and again where both share screens', async () => {
    const { adas, bobs, conversationId } = await pair();
    const [id, same] = await Promise.all([adas.start(conversationId), bobs.start(conversationId)]);
    expect(id).toBe(same);
    await videosMove([adas, bobs]);
    // Until offers have crossed: then the polite side has taken its own back.
    await eventually(async () => {
      await Promise.all(
        [adas, bobs].map((page) => page.run('await call.media.shareScreen(), undefined')),
      );
      await videosMove([adas, bobs], { videos: 2 });
      await Promise.all([adas, bobs].map((page) => page.run('call.media.stopScreen()')));
      await videosMove([adas, bobs]);
      const states = [adas, bobs].map((page) => page.run("made.at(-1).states.join(' ')"));
      expect((await Promise.all(states)).some(hasTakenBack)).toBe(true);
    }, patiently);
    await adas.run('await call.end()');
    for (const page of [adas, bobs])
      await eventually(async () => expect(await page.endsOf(id)).toHaveLength(1), patiently);
  });

  it('keep their media while the connection of the caller to the server is cut', async () => {
    const scene = await pair();
    const { ada, adas, bobs } = scene;
    const id = await talk(scene);
    ada.network.set('cut');
    await adas.until('call.isLost', true);
    await bobs.until('call.participants[0].isAway', true);
    await videosMove([adas, bobs]);
    // What is wanted meanwhile is done afterwards.
    await adas.run('await call.media.setMicrophone(false)');
    await adas.run('await call.media.shareScreen(), undefined');
    ada.network.set('up');
    await adas.until('call.isLost', false);
    await bobs.until('call.participants[0].isAway', false);
    await bobs.until('call.participants[0].isMicrophoneOn', false);
    await videosMove([bobs], { videos: 2 });
    await videosMove([adas]);
    const changes = await adas.changes(id);
    expect(changes.filter((change) => change === 'lost' || change === 'resumed')).toEqual([
      'lost',
      'resumed',
    ]);
    await bobs.run('await call.end()');
    for (const page of [adas, bobs]) {
      await page.ends(id, 'everyone_left');
      expect(await page.errors()).toEqual([]);
    }
  });

  it('go on while Redis is down, and end once', async () => {
    const scene = await pair();
    const { adas, bobs, conversationId } = scene;
    const id = await talk(scene);
    await world.stack.redis.kill();
    await videosMove([adas, bobs]);
    await adas.run('await call.media.setMicrophone(false)');
    await bobs.until('call.participants[0].isMicrophoneOn', false);
    await bobs.run('await call.media.shareScreen(), undefined');
    await videosMove([adas], { videos: 2 });
    await world.stack.redis.restart({ empty: true });
    await videosMove([bobs]);
    await videosMove([adas], { videos: 2 });
    await world.stack.redis.kill();
    await adas.run('await call.end()');
    for (const page of [adas, bobs]) await page.ends(id, 'ended_by_host');
    // Another call rings, is answered and ends, all without Redis.
    const next = await adas.start(conversationId);
    await bobs.until('call.id', next);
    await bobs.run('await call.accept(), undefined');
    await videosMove([adas, bobs]);
    await world.stack.redis.restart({ empty: true });
    await bobs.run('await call.end()');
    for (const page of [adas, bobs]) {
      await page.ends(next, 'everyone_left');
      expect(await page.endsOf(id)).toEqual(['ended_by_host']);
    }
    // The next test signs people up, which needs Redis.
    await eventually(() => world.person(), patiently);
  });

  it('ring no more in the other tab, and on the other device, when one has answered', async () => {
    const { bob, adas, bobs, conversationId } = await pair();
    const tab = new CallPage(pages.use(await bobs.page.anotherTab()));
    await tab.open(url, bob);
    const phone = await device(bob);
    const id = await adas.start(conversationId);
    for (const page of [bobs, tab, phone]) await page.rings();
    await tab.run('await call.accept(), undefined');
    for (const page of [bobs, phone]) await page.ends(id, 'answered_elsewhere');
    await videosMove([adas, tab]);
    await adas.run('await call.end()');
    for (const page of [adas, tab]) await page.ends(id, 'ended_by_host');
    for (const page of [bobs, phone]) expect(await page.endsOf(id)).toEqual(['answered_elsewhere']);
  });

  it('ring, are answered, show both sides, and end in the page of docs/calls.md', async () => {
    const { ada, bob } = await world.pair();
    const wayOf = ({ network }: Person) => `http://127.0.0.1:${network.port}`;
    Object.assign(files, await examplePages({ '/ada.html': wayOf(ada), '/bob.html': wayOf(bob) }));
    const opened: ExamplePage[] = [];
    for (const [path, { email }] of [['/ada.html', ada] as const, ['/bob.html', bob] as const]) {
      const page = pages.use(await browser.anotherPerson());
      await page.open(new URL(path, url).href);
      const example = new ExamplePage(page);
      await example.submit('sign-in', { email, password: world.password });
      await example.says('signed in');
      opened.push(example);
    }
    const [adas, bobs] = opened as [ExamplePage, ExamplePage];
    await adas.submit('call', { username: bob.username });
    await bobs.says('incoming');
    await bobs.click('decline');
    for (const page of opened) await page.says('declined');
    await adas.submit('call', { username: bob.username });
    await bobs.click('accept');
    for (const page of opened) await page.videosMove(2);
    expect(await adas.isHeard()).toBe(true);
    await adas.click('mute');
    await eventually(async () => expect(await adas.isHeard()).toBe(false), patiently);
    await adas.click('share');
    await bobs.videosMove(3);
    await adas.click('share');
    await bobs.videosMove(2);
    await bobs.click('end');
    for (const page of opened) await page.says('everyone_left');
    for (const page of opened) await page.videosMove(0);
    // The call that is declined may be over before the caller's socket for it opens.
    const isOfDeclined = (problem: string) =>
      /signaling\?call_id=\S+ failed: .* 404$/.test(problem);
    const unexplained = opened.map(({ problems }) => problems.filter((one) => !isOfDeclined(one)));
    expect(unexplained).toEqual([[], []]);
  });

  it('change their devices without a new negotiation, and close a camera that is off', async () => {
    const scene = await pair();
    const { adas, bobs } = scene;
    await talk(scene);
    const before = await adas.run('made[0].states.length');
    const cameras = `(await calls.devices()).filter(({ kind }) => kind === 'videoinput')`;
    const camera = String(await adas.run(`${cameras}.at(-1).deviceId`));
    await adas.run(`await call.media.use({ camera: '${camera}' })`);
    const cameraInUse = 'call.media.stream.getVideoTracks()[0].getSettings().deviceId';
    expect(await adas.run(cameraInUse)).toBe(camera);
    await videosMove([bobs]);
    await adas.run(`globalThis.former = call.media.stream.getVideoTracks()[0];
      await call.media.setCamera(false)`);
    await bobs.until('call.participants[0].isCameraOn', false);
    expect(await adas.run('[former.readyState, call.media.isCameraOn]')).toEqual(['ended', false]);
    await adas.run('await call.media.setCamera(true)');
    await bobs.until('call.participants[0].isCameraOn', true);
    await videosMove([adas, bobs]);
    expect(await adas.run('made[0].states.length')).toBe(before);
  });

  it('begin with sound alone, and get a camera later', async () => {
    const { adas, bobs, conversationId } = await pair();
    await adas.start(conversationId, 'audio');
    await bobs.rings();
    await bobs.run('await call.accept(), undefined');
    await adas.until('call.participants[0].connection', 'connected');
    await videosMove([adas, bobs], { videos: 0 });
    await bobs.until('call.participants[0].isCameraOn', false);
    await adas.run('await call.media.setCamera(true)');
    await videosMove([bobs]);
    await bobs.until('call.participants[0].isCameraOn', true);
    expect(await bobs.run('call.participants[0].streams.length')).toBe(1);
  });
});

/** Whether an offer of its own was followed by one of the peer, instead of an answer. */
function hasTakenBack(states: unknown): boolean {
  return /have-local-offer (stable )?have-remote-offer/.test(String(states));
}
