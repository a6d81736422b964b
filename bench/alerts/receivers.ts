import { join } from 'node:path';
import { within } from '@secureconnect/degraded-mode';
import { freePort } from '@secureconnect/embedded';
import { startServing } from '../support/serving-child.ts';
import type { ReceiverName } from './names.ts';
import type { Scene } from './scene.ts';

/** What takes alerts, in processes of its own. */
export interface Receiver extends AsyncDisposable {
  readonly urls: readonly string[];
}

const settleMs = 10_000;

const processes: Readonly<Record<ReceiverName, readonly string[]>> = {
  'one gateway': ['gateway-process.ts'],
  'two gateways': ['gateway-process.ts', 'gateway-process.ts'],
  'Express and SQL alone': ['express-process.ts'],
};

/** Starts the processes of a receiver; each takes deliveries when this resolves. */
export async function startReceiver(name: ReceiverName, scene: Scene): Promise<Receiver> {
  await using parts = new AsyncDisposableStack();
  const urls: string[] = [];
  for (const file of processes[name]) {
    urls.push(await started(file, scene, parts));
    if (file === 'gateway-process.ts') await within(knowsRedis(urls), settleMs, 'Redis');
  }
  const owned = parts.move();
  return { urls, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function started(
  file: string,
  { variables }: Scene,
  parts: AsyncDisposableStack,
): Promise<string> {
  const given = { ...variables, GATEWAY_PORT: String(await freePort()) };
  const path = join(import.meta.dirname, file);
  const child = parts.use(await startServing({ file: path, values: [JSON.stringify(given)] }));
  return `http://127.0.0.1:${child.port}`;
}

/** Resolves when no gateway is degraded. */
async function knowsRedis(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    for (let degraded = true; degraded; ) {
      const reply = await fetch(`${url}/ready`);
      degraded = Object(await reply.json()).redis !== 'ok';
    }
  }
}
