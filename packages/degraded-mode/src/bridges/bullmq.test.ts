import { DatabaseSync } from 'node:sqlite';
import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedRoutes } from '@secureconnect/degraded-mode/express';
import { connect } from '@secureconnect/degraded-mode/ioredis';
import { Queue } from 'bullmq';
import { expect, it } from 'vitest';
import { bridgeScene } from '../../test/bridge-scene.ts';
import { eventually } from '../testing/eventually.ts';
import { type Job, jobPort, type KeptJobs } from './bullmq.ts';

/** Jobs in a table of SQLite: the two functions that a user writes. */
function keptInSql(database: DatabaseSync): KeptJobs {
  database.exec('CREATE TABLE kept_jobs (id INTEGER PRIMARY KEY, job TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO kept_jobs (job) VALUES (?)');
  const select = database.prepare('SELECT id, job FROM kept_jobs ORDER BY id');
  const remove = database.prepare('DELETE FROM kept_jobs WHERE id = ?');
  return {
    keep: async (job) => void insert.run(JSON.stringify(job)),
    async handOver(send) {
      for (const { id = null, job } of select.all()) {
        if (await send(JSON.parse(String(job)) as Job)) remove.run(id);
      }
    },
  };
}

it('a producer keeps its jobs in SQL or refuses them, and the queue takes each of them once', async () => {
  const database = new DatabaseSync(':memory:');
  const refused: string[] = [];
  const parts = new AsyncDisposableStack();
  let waiting = async (): Promise<string[]> => [];
  const app = parts.use(
    await bridgeScene(async (server, url) => {
      const connection = await connect(url, { service: 'hooks' });
      const { redis, mode, monitor } = connection;
      const queue = new Queue('hooks', { connection: redis, skipVersionCheck: true });
      queue.on('error', () => undefined); // its connection is ours, which the mode follows
      const { port, reconciler } = jobPort(queue, keptInSql(database), {
        onError: (error, job) => refused.push(`${job?.options.jobId}: ${error}`),
      });
      await monitor.addReconciler(reconciler);
      waiting = async () => (await queue.getWaiting()).map(({ id }) => id ?? '').sort();
      const route = degradedRoutes(server, mode, definePorts({ jobs: port }));
      for (const [name, jobs] of [
        ['kept', failOpen.durable()],
        ['refused', failClosed({ retryAfterSeconds: 7 })],
      ] as const) {
        route.post(
          `/${name}/:id`,
          { operation: 'hook', whenRedisDown: { jobs } },
          async ({ params }, ports) => {
            await ports.jobs.add('deliver', { to: params['id'] }, { jobId: `${params['id']}` });
            return { accepted: params['id'] };
          },
        );
      }
      return connection;
    }),
  );
  await using _all = parts;
  expect(await app.send('POST', '/kept/a')).toMatchObject({ status: 200, degraded: null });
  expect(await app.send('POST', '/refused/b')).toMatchObject({ status: 200, degraded: null });

  await app.redis.kill();
  const kept = { status: 200, degraded: 'jobs=durable' };
  expect(await app.send('POST', '/kept/c')).toMatchObject(kept);
  // A job that the queue will refuse.
  expect(await app.send('POST', '/kept/7')).toMatchObject(kept);
  expect(await app.send('POST', '/kept/d')).toMatchObject(kept);
  expect(await app.send('POST', '/refused/e')).toMatchObject({ status: 503 });
  await app.redis.restart();
  await app.untilDegraded(false);
  expect(await waiting()).toEqual(['a', 'b', 'c', 'd']);
  expect(refused).toEqual([expect.stringMatching(/^7: .*integers/)]);

  // The addition that times out is done when Redis thaws, and what was kept is handed over: once.
  app.redis.freeze();
  expect(await app.send('POST', '/kept/f')).toMatchObject(kept);
  app.redis.thaw();
  await app.untilDegraded(false);
  await eventually(async () => {
    expect(await waiting()).toEqual(['a', 'b', 'c', 'd', 'f']);
  });
});
