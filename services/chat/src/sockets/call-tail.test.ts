import type { Sql } from '@secureconnect/postgres';
import { Hub } from '@secureconnect/realtime';
import { createLogger, createMetrics } from '@secureconnect/service';
import { eventually, LogLines } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { UserCallNotices } from './call-notices.ts';
import { startCallTail } from './call-tail.ts';
import { createTailMetrics } from './tail-metrics.ts';

const down = async (): Promise<never> => {
  throw new Error('the database does not answer');
};

it('counts reads of the notices that fail apart from those that do not', async () => {
  using lines = new LogLines();
  const log = createLogger({ service: 'chat', level: 'warn', write: lines.write });
  const metrics = createMetrics();
  let isDown = true;
  const database: Sql = { query: async () => (isDown ? down() : []), execute: down };
  const busHub = new Hub();
  const notices = new UserCallNotices({ busHub, database, log });
  const tail = { database, notices, log, metrics: createTailMetrics(metrics) };
  const stop = startCallTail(tail);
  const looks = async () => {
    const seen = await metrics.registry.getSingleMetric('chat_call_tail_looks_total')?.get();
    return Object.fromEntries(
      seen?.values.map(({ labels, value }) => [labels['result'], value]) ?? [],
    );
  };
  try {
    expect(await looks()).toEqual({ ok: 0, failed: 0 });
    await eventually(async () => expect(await looks()).toEqual({ ok: 0, failed: 1 }));
    isDown = false;
    await eventually(async () => expect((await looks())['ok']).toBe(1));
    expect((await looks())['failed']).toBe(1);
  } finally {
    await stop();
  }
});
