import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');
const mib = 1024 ** 2;

/** `384mb` of redis.conf, in bytes. */
function bytesOf(configuration: string): number {
  const [, count] = /^maxmemory (\d+)mb$/m.exec(configuration) ?? [];
  return Number(count) * mib;
}

it('a server refuses writes long before its container is killed for its memory', async () => {
  const maxMemory = bytesOf(await read('deploy/redis-ha/templates/redis.conf'));
  const pod = parse(await read('deploy/redis-ha/redis-statefulset.yaml'));
  const [{ resources }] = pod.spec.template.spec.containers;
  expect(resources.limits.memory).toBe('1Gi');
  const compose = parse(await read('docker-compose.yml'), {
    merge: true,
    maxAliasCount: -1,
  });
  expect(compose.services['redis-1'].mem_limit).toBe('1g');
  // A rewrite of the append-only file copies what is written meanwhile: at worst all of it.
  expect(maxMemory).toBeGreaterThan(0);
  expect(2 * maxMemory).toBeLessThan(1024 * mib);
});
