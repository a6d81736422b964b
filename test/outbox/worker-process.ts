// A process that delivers effects until it is killed: DATABASE_URL, RECEIVER_URL.
import { effectHandler, startOutbox } from '@secureconnect/outbox';
import { openDatabase } from '@secureconnect/postgres';
import { createLogger, createMetrics } from '@secureconnect/service';
import { requestKind } from './kind.ts';

const { DATABASE_URL: databaseUrl = '', RECEIVER_URL: receiver = '' } = process.env;
const handler = effectHandler(requestKind, {
  maxConcurrent: 16,
  async deliver({ idempotencyKey }, signal) {
    const headers = { 'idempotency-key': idempotencyKey };
    const { status } = await fetch(receiver, { method: 'POST', headers, signal });
    if (status !== 204) throw new Error(`the receiver answered ${status}`);
  },
});
startOutbox({
  database: openDatabase({ url: databaseUrl, maxConnections: 20 }),
  schema: 'auth',
  handlers: [handler],
  log: createLogger({ service: 'worker', level: 'silent' }),
  metrics: createMetrics(),
  pollMs: 50,
  leaseSeconds: 2,
});
process.stdout.write('started\n');
// The timers of an outbox keep no process alive, which is right for a service.
setInterval(() => undefined, 60_000);
