import { eventually } from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './ask.ts';
import { containerPods, containersSkipReason } from './container-pods.ts';
import { type Pod, type Pods, redis, sentinel, sentinels, servers } from './pods.ts';
import { linuxSkipReason, processPods } from './process-pods.ts';
import { replaced, type Scene, settled, store, stored } from './scenarios.ts';
import { WriteWatch } from './write-watch.ts';

const ways: [string, string, () => Promise<Pods>][] = [
  ['processes', linuxSkipReason, processPods],
  ['containers', containersSkipReason, containerPods],
];

describe.each(ways)('the start-up scripts of deploy/redis-ha, as %s', (_way, without, start) => {
  describe.skipIf(without !== '')(`a set${without}`, { timeout: 120_000 }, () => {
    let parts: AsyncDisposableStack;
    let scene: Scene;
    const both = [...servers, ...sentinels];
    const all = (act: (pod: Pod) => Promise<void>, pods: readonly Pod[] = both) =>
      Promise.all(pods.map(act));

    beforeAll(async () => {
      parts = new AsyncDisposableStack();
      const pods = parts.use(await start());
      scene = { pods, watch: parts.use(new WriteWatch(pods)) };
      await all((pod) => pods.start(pod));
    }, 120_000);

    afterAll(() => parts.disposeAsync());

    afterEach(async ({ task }) => {
      expect(scene.watch.twoMasters).toEqual([]);
      if (task.result?.state !== 'fail') return;
      for (const pod of both) process.stdout.write(await scene.pods.log(pod));
    });

    it('starts for the first time with the first server as the master', async () => {
      expect(await settled(scene)).toEqual(redis(0));
      expect(await scene.pods.log(redis(1))).toContain('starting as a replica');
    });

    it('requires a password before any change', async () => {
      const failover = ['sentinel', 'failover', scene.pods.masterName];
      expect(await ask(scene.pods, sentinel(0), ...failover)).toMatch(/^NOPERM/);
      const unknown = { ...scene.pods, password: 'wrong' };
      expect(await ask(unknown, redis(0), 'get', 'kept')).toMatch(/NOAUTH/);
    });

    it('takes a killed master back as a replica', async () => {
      const { pods } = scene;
      const old = await settled(scene);
      await store(scene, old, 'before the kill');
      await pods.kill(old);
      const master = await replaced(scene, old);
      await pods.start(old);
      expect(await settled(scene)).toEqual(master);
      expect(await stored(scene, old)).toBe('before the kill');
    });

    it('takes a frozen master back as a replica', async () => {
      const old = await settled(scene);
      await scene.pods.freeze(old);
      const master = await replaced(scene, old);
      await scene.pods.thaw(old);
      expect(await settled(scene)).toEqual(master);
    });

    it('hands over before a master is stopped', async () => {
      const { pods } = scene;
      const old = await settled(scene);
      const began = performance.now();
      await pods.stop(old);
      const master = await replaced(scene, old);
      process.stdout.write(`handed over in ${Math.round(performance.now() - began)} ms\n`);
      await pods.start(old);
      expect(await settled(scene)).toEqual(master);
    });

    it('continues with its data after all of it was down', async () => {
      const { pods } = scene;
      await store(scene, await settled(scene), 'before the night');
      await all((pod) => pods.kill(pod));
      // Servers first: they must wait for the sentinels.
      await all((pod) => pods.start(pod), servers);
      await all((pod) => pods.start(pod), sentinels);
      expect(await stored(scene, await settled(scene))).toBe('before the night');
    });

    it('starts no server while a majority of the sentinels is down', async () => {
      const { pods } = scene;
      const master = await settled(scene);
      await all((pod) => pods.kill(pod), [...servers, sentinel(0), sentinel(1)]);
      await all((pod) => pods.start(pod), servers);
      await eventually(async () => {
        expect(await pods.log(master)).toMatch(/waiting for 2 sentinels; 1 answer\n$/);
      });
      await expect(ask(pods, master, 'ping')).rejects.toThrow();
      await pods.start(sentinel(0));
      await pods.start(sentinel(1));
      await settled(scene);
    });

    it('fails over without one of the sentinels, which comes back without its disk', async () => {
      const { pods } = scene;
      const old = await settled(scene);
      await pods.kill(sentinel(2));
      await pods.loseDisk(sentinel(2));
      await pods.kill(old);
      const next = await replaced(scene, old);
      await pods.start(old);
      await pods.start(sentinel(2));
      // One master whom all three name, three sentinels and no more. A busy machine may have seen
      // another failover meanwhile.
      const masters = [old, next, await settled(scene)].map(pods.nameOf);
      // It asked the others before it watched anything: whom they name is the master, or was.
      await eventually(async () => {
        const starts = /.*(watching \S+|going on with what it knew)/s;
        const [, start] = starts.exec(await pods.log(sentinel(2))) ?? [];
        expect(masters.map((name) => `watching ${name}`)).toContain(start);
      });
    });

    it('finds the master when all sentinels have lost their disks', async () => {
      const { pods } = scene;
      const master = await settled(scene);
      await all((pod) => pods.kill(pod), sentinels);
      await all((pod) => pods.loseDisk(pod), sentinels);
      await all((pod) => pods.start(pod), sentinels);
      expect(await settled(scene)).toEqual(master);
    });

    it('does not empty the replicas when the master has lost its disk', async () => {
      const { pods } = scene;
      const old = await settled(scene);
      await store(scene, old, 'before the loss');
      await pods.kill(old);
      await pods.loseDisk(old);
      await pods.start(old);
      const master = await settled(scene);
      expect(master).not.toEqual(old);
      expect(await stored(scene, master)).toBe('before the loss');
    });

    it('does not empty the replicas when all of it was down and the master has lost its disk', async () => {
      const { pods } = scene;
      const old = await settled(scene);
      await store(scene, old, 'before the night');
      await all((pod) => pods.kill(pod));
      await pods.loseDisk(old);
      await all((pod) => pods.start(pod), sentinels);
      await pods.start(old);
      await eventually(async () => {
        expect(await pods.log(old)).toMatch(/has no data: waiting for another one\n$/);
      });
      await all(
        (pod) => pods.start(pod),
        servers.filter((pod) => pod.number !== old.number),
      );
      const master = await settled(scene);
      expect(master).not.toEqual(old);
      expect(await stored(scene, master)).toBe('before the night');
    });
  });
});
