import { DatabaseSync } from 'node:sqlite';
import { definePorts, failOpen } from '@secureconnect/degraded-mode';
import { type Job, jobPort } from '@secureconnect/degraded-mode/bullmq';
import { degradedErrors, degradedRoutes } from '@secureconnect/degraded-mode/express';
import { connect } from '@secureconnect/degraded-mode/ioredis';
import { Queue, Worker } from 'bullmq';
import express from 'express';

const connection = { url: process.env['REDIS_URL'] ?? 'redis://localhost:6379' };

const sql = new DatabaseSync(process.env['DATABASE'] ?? ':memory:');
sql.exec('CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, body TEXT)');
const insert = sql.prepare('INSERT OR IGNORE INTO deliveries (id, body) VALUES (?, ?)');

const worker = new Worker(
  'hooks',
  async ({ data }) => {
    insert.run(data.id, JSON.stringify(data.body));
  },
  { connection },
);
worker.on('error', ({ message }) => process.stderr.write(`${message}\n`));

sql.exec('CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY, job TEXT)');
const keep = sql.prepare('INSERT OR IGNORE INTO kept (id, job) VALUES (?, ?)');
const select = sql.prepare('SELECT job FROM kept');
const remove = sql.prepare('DELETE FROM kept WHERE id = ?');

const { redis, mode, monitor } = await connect(connection.url, { service: 'hooks' });
const queue = new Queue('hooks', { connection: redis });
queue.on('error', ({ message }) => process.stderr.write(`${message}\n`));

const jobs = jobPort(queue, {
  keep: async (job) => void keep.run(job.options.jobId, JSON.stringify(job)),
  async handOver(send) {
    for (const { job } of select.all()) {
      const kept: Job = JSON.parse(String(job));
      if (await send(kept)) remove.run(kept.options.jobId);
    }
  },
});

await monitor.addReconciler(jobs.reconciler);
// A worker asks a server that became a read-only replica without a pause.
mode.availability.on('entered', () => void worker.pause(true));
mode.availability.on('recovered', () => void worker.resume());

const app = express();
app.use(express.json());

const route = degradedRoutes(app, mode, definePorts({ jobs: jobs.port }));
const hook = { operation: 'hook', status: 202, whenRedisDown: { jobs: failOpen.durable() } };
route.post('/hooks/:id', hook, async ({ params, body }, { jobs }) => {
  await jobs.add('deliver', { id: params.id, body }, { jobId: `hook-${params.id}` });
  return { accepted: params.id };
});

app.use(degradedErrors).listen(Number(process.env['PORT'] ?? 3000));
