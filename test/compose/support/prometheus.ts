import { eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';

const address = 'http://127.0.0.1:9091';
/** By its own label, not by target. */
const redisUsers = ['api-gateway', 'auth-service', 'chat-service', 'video-service'] as const;

interface Reply {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

/** What an instant query gives: the labels of each series, and its value. */
export async function query(expression: string) {
  const reply = await fetch(`${address}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data } = (await reply.json()) as Reply;
  return data.result.map(({ metric, value: [, value] }) => ({ metric, value }));
}

/** Waits until Prometheus says of each service, every instance of it, whether it is degraded. */
export async function untilDegraded(value: '0' | '1'): Promise<void> {
  await eventually(
    async () => {
      const series = await query('redis_degraded_mode');
      const seen = new Map(series.map(({ metric, value: now }) => [metric['service'], now]));
      expect([...seen].sort()).toEqual(redisUsers.map((service) => [service, value]));
      expect(series.filter((one) => one.value !== value)).toEqual([]);
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}
