/** `node verify-process.ts TASK`: measures one verifier and tells the parent. */
import { endWithParent, tellParent } from '../support/child.ts';
import type { Task, TokenFigures } from './names.ts';
import { openScene, type Verify } from './verifiers.ts';

const warmUpTokens = 2000;
/** Of each token. */
const repeats = 5;

async function verifyAll(verify: Verify, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) await verify(token);
}

/** CPU time of all threads per piece of work, in microseconds. */
async function microsecondsEach(count: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function figures({ algorithm, verifier, tokens: count }: Task): Promise<TokenFigures> {
  const { sign, verify } = await openScene(algorithm, verifier);
  const warmUp = await sign(warmUpTokens);
  for (let times = 0; times < 2; times += 1) await verifyAll(verify, warmUp);
  const tokens = await sign(count);
  const first = await microsecondsEach(count, () => verifyAll(verify, tokens));
  const again = await microsecondsEach(repeats * count, async () => {
    for (let times = 0; times < repeats; times += 1) await verifyAll(verify, tokens);
  });
  return { firstMicroseconds: first, againMicroseconds: again };
}

endWithParent();
const task = JSON.parse(process.argv[2] ?? '') as Task;
tellParent(await figures(task));
process.exit(0);
