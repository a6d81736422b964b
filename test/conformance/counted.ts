import type { ServiceName, Stack } from '../support/stack.ts';
import type { UsedPort } from './declared.ts';

/** `redis_fallbacks_total` of a service, by its labels. */
export type Counts = ReadonlyMap<string, number>;

export async function fallbackCounts(stack: Stack, service: ServiceName): Promise<Counts> {
  const metrics = await fetch(`${stack.urls[service]}/metrics`).then((reply) => reply.text());
  const lines = metrics.matchAll(
    /^redis_fallbacks_total\{route="(.+?)",port="(\w+)",fallback="(\w+)"\} (\d+)$/gm,
  );
  return new Map(
    [...lines].map(([, route, port, fallback, count]) => [
      `${route} ${port} ${fallback}`,
      Number(count),
    ]),
  );
}

/** What of these was not counted in between, as words; undefined when all of it was. */
export function wrongCounts(
  expected: readonly UsedPort[],
  before: Counts,
  after: Counts,
): string | undefined {
  const missing = expected.filter(({ row, port, fallback }) => {
    const key = `${row.route} ${port} ${fallback.kind}`;
    return (after.get(key) ?? 0) <= (before.get(key) ?? 0);
  });
  if (missing.length === 0) return undefined;
  const names = missing.map(({ port, fallback }) => `${port}=${fallback.kind}`);
  return `not counted: ${[...new Set(names)].join(', ')}`;
}
