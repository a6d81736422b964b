import { eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import type { Stack } from './stack.ts';

/** The services that have a flag. */
export const redisUsers = ['gateway', 'auth', 'chat', 'video'] as const;

/** Waits until `redis_degraded_mode` of all four is 0 or 1. */
export function untilGauges(stack: Stack, value: '0' | '1'): Promise<void> {
  return eventually(
    async () => {
      const seen = await Promise.all(redisUsers.map((service) => gauge(stack.urls[service])));
      expect(seen).toEqual(redisUsers.map(() => value));
    },
    { timeoutMs: 15_000 },
  );
}

async function gauge(url: string): Promise<string> {
  const metrics = await fetch(`${url}/metrics`).then((reply) => reply.text());
  return /^redis_degraded_mode\{service="[\w-]+"\} (\d)$/m.exec(metrics)?.[1] ?? 'no series';
}
