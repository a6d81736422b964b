import { DatabaseSync } from 'node:sqlite';
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

const queue = new Queue('hooks', { connection });
queue.on('error', ({ message }) => process.stderr.write(`${message}\n`));

const app = express();
app.use(express.json());

app.post('/hooks/:id', async ({ params, body }, response) => {
  await queue.add('deliver', { id: params.id, body }, { jobId: `hook-${params.id}` });
  response.status(202).json({ accepted: params.id });
});

app.listen(Number(process.env['PORT'] ?? 3000));
