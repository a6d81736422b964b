/** `node --expose-gc limiter-process.ts TASK`: measures one limiter and tells the parent. */
import { limitKey } from '@secureconnect/rate-limit';
import { endWithParent, tellParent } from '../support/child.ts';
import { type Consume, createLimiter, limitPerMinute } from './limiters.ts';
import type { LimiterFigures, Task } from './names.ts';

const operations = 500_000;
/** Keys are asked for in an order without a pattern; this prime divides no number of keys here. */
const stride = 7919;

/** A new string each time, as each request brings its own. */
function key(number: number): string {
  return limitKey('bench', `subject ${number}`);
}

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  for (let times = 0; times < 3; times += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (1000 * count) / (performance.now() - startedAt);
}

/** Warms the code up on a limiter that is thrown away, so that the small table is not at a loss. */
async function warmUp(consume: Consume): Promise<void> {
  for (let at = 0; at < 200_000; at += 1) await consume(`bench:${at % 500}`);
}

async function figures({ limiter, keys, maxKeys }: Task): Promise<LimiterFigures> {
  await warmUp(createLimiter[limiter](maxKeys));
  const consume = createLimiter[limiter](maxKeys);
  const names = Array.from({ length: keys }, (_, number) => key(number));
  const before = heapBytes();
  for (let times = 0; times <= limitPerMinute; times += 1) await consume('bench:spent');
  // Names are created again here: what the limiter keeps of them belongs to its memory.
  for (let number = 0; number < keys; number += 1) await consume(key(number));
  const used = heapBytes() - before;
  const operationsPerSecond = await perSecond(operations, async () => {
    for (let at = 0; at < operations; at += 1) await consume(names[(at * stride) % keys] ?? '');
  });
  const spentKeyIsRefused = !(await consume('bench:spent'));
  const fresh = createLimiter[limiter](maxKeys);
  const newKeysPerSecond = await perSecond(keys, async () => {
    for (const name of names) await fresh(name);
  });
  return {
    newKeysPerSecond,
    operationsPerSecond,
    bytesPerKey: used / keys,
    heapBytes: used,
    spentKeyIsRefused,
  };
}

endWithParent();
const task = JSON.parse(process.argv[2] ?? '') as Task;
tellParent(await figures(task));
process.exit(0);
