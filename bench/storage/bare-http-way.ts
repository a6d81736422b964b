import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startServing } from '../support/serving-child.ts';
import { send, sizeOf } from './http.ts';
import type { Target, Way } from './ways.ts';

/**
 * Files of a process that serves them over HTTP and does nothing else: what is left of a file's cost
 * without accounts, links, quotas and a database. It ends with `resources`.
 */
export async function bareHttp(directory: string, resources: AsyncDisposableStack): Promise<Way> {
  const file = join(import.meta.dirname, 'bare-http-process.ts');
  const { port, pid } = resources.use(await startServing({ file, values: [directory] }));
  const target = (): Target => {
    const url = `http://127.0.0.1:${port}/${randomUUID()}`;
    return {
      async put(body) {
        await sizeOf(await send(url, { method: 'PUT', body }));
      },
      settle: async () => undefined,
      get: async () => sizeOf(await send(url, { method: 'GET' })),
    };
  };
  return {
    name: 'directory, bare HTTP',
    serverPid: pid,
    targets: async (count) => Array.from({ length: count }, target),
  };
}
